(ns ratchet.jepsen.report.run
  "Reads a run's folder: test.edn, results.edn, history.edn and the nodes' logs. A run that was cut short, with some of them missing
  or a last line half written, is read as far as it goes."
  (:require [clojure.edn :as edn]
            [clojure.java.io :as io]
            [clojure.string :as str]
            [ratchet.jepsen.history :as history])
  (:import (clojure.lang IReduceInit)
           (java.io BufferedReader File)
           (java.nio.charset CodingErrorAction StandardCharsets)
           (java.time Duration Instant LocalDateTime ZoneId)
           (java.time.format DateTimeFormatter)))

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

;; --- Logs ---------------------------------------------------------------------------------------

(def ^:private log-line #"^(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[.,]\d{3})\s+(ERROR|SEVERE|FATAL)\b\s*(.*)$")

(def ^:private log-time (DateTimeFormatter/ofPattern "yyyy-MM-dd HH:mm:ss.SSS"))

(defn- run-ms
  "Milliseconds from the start of the run to a log's local time."
  [at ^Instant started]
  (when started
    (let [local (LocalDateTime/parse (-> at (str/replace "," ".") (str/replace "T" " ")) log-time)]
      (.toMillis (Duration/between started (.toInstant (.atZone local (ZoneId/systemDefault))))))))

(defn parse-error-line
  "A log line of level ERROR: {:at :run-ms :text}; nil for any other."
  [line started]
  (when-let [[_ at _ text] (re-matches log-line line)]
    {:at (subs at 11) :run-ms (run-ms at started) :text (str/trim text)}))

(defn- decoded-reader
  "A reader of a log: bytes that are no UTF-8 don't end it."
  ^BufferedReader [^File file]
  (BufferedReader.
    (java.io.InputStreamReader.
      (io/input-stream file)
      (doto (.newDecoder StandardCharsets/UTF_8)
        (.onMalformedInput CodingErrorAction/REPLACE)
        (.onUnmappableCharacter CodingErrorAction/REPLACE)))))

(def log-lines-kept "Most lines of ERROR that a report shows of one node." 100)

(defn- errors-of-node [^File dir started]
  (->> (.listFiles dir)
       (filter #(and (.isFile ^File %) (re-find #"\.log(\.\d+)?$" (.getName ^File %))))
       (sort-by #(.getName ^File %))
       (reduce (fn [{:keys [lines count]} file]
                 (with-open [reader (decoded-reader file)]
                   (let [found (keep #(parse-error-line % started) (line-seq reader))]
                     (reduce (fn [acc line]
                               (-> acc
                                   (update :count inc)
                                   (cond-> (< (clojure.core/count (:lines acc)) log-lines-kept)
                                     (update :lines conj (assoc line :node (.getName dir))))))
                             {:lines lines :count count}
                             found))))
               {:lines [] :count 0})))

(defn log-errors
  "Log lines of level ERROR of all nodes of a run, by time, at most some of each node; :count counts them all."
  [^File nodes started]
  (let [of-nodes (for [^File dir (sort-by #(.getName ^File %) (.listFiles nodes)) :when (.isDirectory dir)]
                   (errors-of-node dir started))]
    {:lines (vec (sort-by (juxt :at :node) (mapcat :lines of-nodes)))
     :count (reduce + 0 (map :count of-nodes))}))

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
