(ns ratchet.jepsen.report.run
  "Reads a run's folder: test.edn, results.edn, history.edn and the nodes' logs. A run that was cut short, with some of them missing
  or a last line half written, is read as far as it goes."
  (:require [clojure.edn :as edn]
            [clojure.java.io :as io]
            [clojure.string :as str]
            [ratchet.jepsen.history :as history]
            [ratchet.jepsen.logs :as logs])
  (:import (clojure.lang IReduceInit)
           (java.io BufferedReader File)
           (java.time Instant)))

(set! *warn-on-reflection* true)

(defn read-edn
  "What an EDN file holds, or nil when there is none. Unknown tags are dropped, their values kept."
  [^File file]
  (when (.isFile file)
    (edn/read-string {:default (fn [_ value] value)} (slurp file))))

(defn- read-line-of
  "The operation of a line; nil for a last one that was cut off, whose next line is nil."
  [line next-line at]
  (try (history/read-op line)
       (catch RuntimeException e
         (when next-line
           (throw (ex-info (str "history.edn, line " at ", is no operation") {:line at} e))))))

(defn history
  "The operations of a history file, reducible: read again at each reduction, a line at a time, and never held whole."
  [^File file]
  (reify IReduceInit
    (reduce [_ f init]
      (with-open [reader (io/reader file)]
        (let [^BufferedReader reader reader]
          (loop [acc init
                 line (.readLine reader)
                 at 1]
            (if (nil? line)
              acc
              (let [after (.readLine reader)
                    op (when-not (str/blank? line) (read-line-of line after at))
                    acc (if op (f acc op) acc)]
                (if (reduced? acc)
                  @acc
                  (recur acc after (inc at)))))))))))

;; --- The folder ---------------------------------------------------------------------------------

(defn instant
  "The instant that a value of test.edn stands for: an #inst, or text in ISO 8601. Else nil."
  [value]
  (cond
    (instance? java.util.Date value) (.toInstant ^java.util.Date value)
    (string? value) (try (Instant/parse value) (catch java.time.format.DateTimeParseException _ nil))))

(defn nodes
  "The nodes of test.edn as {:name :role :zone}; they may be there as names alone."
  [test]
  (for [node (:nodes test)]
    (if (map? node)
      (-> node (select-keys [:name :role :zone]) (update :name #(if (keyword? %) (name %) (str %)))
          (update :zone #(when (some? %) (if (keyword? %) (name %) (str %)))))
      {:name (if (keyword? node) (name node) (str node))})))

(defn- log-errors
  "What nodes logged of level ERROR, by node and time: {:node :line :time}, times in nanoseconds of the run where its start is known."
  [^File nodes ^Instant started]
  (vec (for [^File dir (sort-by #(.getName ^File %) (.listFiles nodes))
             :when (.isDirectory dir)
             error (logs/errors {:name (.getName dir) :dir dir} (if started (.toEpochMilli started) 0))]
         (cond-> error (nil? started) (dissoc :time)))))

(defn read-run
  "A run's folder: {:dir :test :results :history :nodes :logs}; :results is nil when the run never came to be checked."
  [dir]
  (let [dir (io/file dir)
        file (io/file dir "history.edn")
        test (read-edn (io/file dir "test.edn"))]
    (when-not (.isFile file)
      (throw (ex-info (str dir " has no history.edn: it is no run's folder") {:dir (str dir)})))
    {:dir dir
     :test test
     :results (read-edn (io/file dir "results.edn"))
     :history (history file)
     :nodes (vec (nodes test))
     :logs (log-errors (io/file dir "nodes") (instant (:started test)))}))
