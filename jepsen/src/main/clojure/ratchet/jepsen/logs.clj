(ns ratchet.jepsen.logs
  "What nodes wrote."
  (:require [clojure.java.io :as io])
  (:import (java.time LocalDateTime ZoneId)
           (java.time.format DateTimeFormatter)))

(set! *warn-on-reflection* true)

(def ^:private stamp (DateTimeFormatter/ofPattern "yyyy-MM-dd HH:mm:ss,SSS"))

(def ^:private error-line #"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) ERROR .*")

(defn- wall-millis [^String text]
  (-> (LocalDateTime/parse text stamp) (.atZone (ZoneId/systemDefault)) .toInstant .toEpochMilli))

(defn error-of
  "The error that a line of a log tells, or nil: the line, and when it was, in nanoseconds since a time of day in ms."
  [^String line start-millis]
  (cond
    (re-find #"^(#\s|Exception in thread|java\.lang\.\w+Error)" line) {:line line}
    :else (when-let [[_ time] (re-matches error-line line)]
            {:line line :time (* 1000000 (- (long (wall-millis time)) (long start-millis)))})))

(def ^:private most "Of a node." 50)

(defn errors
  "The errors in a node's log."
  [{:keys [name dir]} start-millis]
  (let [file (io/file dir "out.log")]
    (when (.exists file)
      (with-open [reader (io/reader file)]
        (->> (line-seq reader)
             (keep #(some-> (error-of % start-millis) (assoc :node name)))
             (take most)
             vec)))))
