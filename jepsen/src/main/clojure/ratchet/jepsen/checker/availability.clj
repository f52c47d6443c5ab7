(ns ratchet.jepsen.checker.availability
  "G6: how long keys were without numbers, and whether that is within what the faults under way may cause.

  A *silence* of a key is a time in which somebody wanted a number of it and nobody got one: it begins with a call, or with the last
  answer if a call was under way then, and ends with the next answer. Where all calls have failed and nobody tries again for
  a second, it ends with the last failure, since what came after is not known. Batches don't count: one key's outage fails all
  of them.

  Faults excuse time (`effects/table`): so much from their start, so much from their end, or all between. What is left of a
  silence must be below the slack of a loaded machine."
  (:require [ratchet.jepsen.checker.violations :as violations]
            [ratchet.jepsen.effects :as effects]
            [ratchet.jepsen.history :as history])
  (:import (java.util ArrayList)))

(set! *warn-on-reflection* true)

(def ^:private patience-nanos 1000000000)

(def ^:private least-nanos
  "Silences below are not worth keeping."
  50000000)

(defn- nanos ^long [ms] (* 1000000 (long ms)))
(defn- millis [nanos] (/ (Math/round (/ (double nanos) 1e4)) 100.0))

;; Silences.

(defrecord Silence [key ^long from ^long to call])

(defn- length ^long [silence]
  (- (long (:to silence)) (long (:from silence))))

(defn- events
  "Invocations and completions of calls, in order of time: [time what call]."
  [calls end]
  (let [events (ArrayList.)]
    (doseq [{:keys [t0 type complete] :as call} calls]
      (.add events [t0 :invoke call])
      (.add events [(if complete (:time complete) end) type call]))
    (.sort events (fn [a b] (Long/compare (long (nth a 0)) (long (nth b 0)))))
    events))

(defn- silences-of
  "The silences of a key."
  [key calls end]
  (loop [events (seq (events calls end))
         open   0            ; calls under way
         since  nil          ; when somebody began to want a number
         lull   nil          ; when the last call failed, if none is under way
         wanted nil          ; the call that has waited since
         found  []]
    (if-let [[time what call] (first events)]
      (let [time (long time)
            add  (fn [to]
                   (cond-> found
                     (< (long least-nanos) (- (long to) (long since))) (conj (->Silence key since to wanted))))]
        (case what
          :invoke
          (cond
            (nil? since) (recur (next events) (inc open) time nil call found)
            (and lull (< (long patience-nanos) (- time (long lull))))
            (recur (next events) (inc open) time nil call (add lull))
            :else (recur (next events) (inc open) since nil wanted found))
          :ok
          (let [open (dec open)]
            (recur (next events) open (when (pos? open) time) nil (when (pos? open) call) (add time)))
          (let [open (dec open)]
            (recur (next events) open since (when (zero? open) time) wanted found))))
      (if since
        (let [to (long (or lull end))]
          (cond-> found
            (< (long least-nanos) (- to (long since))) (conj (->Silence key since to wanted))))
        found))))

(defn silences
  "All silences of all keys worth keeping; calls of `stranded?` callers say nothing."
  [{:keys [calls end]} stranded?]
  (let [by-key (history/grouped
                 (for [{:keys [f] :as call} calls :when (and (contains? #{:next :range} f) (not (stranded? call)))]
                   [(:key (:value (:invoke call))) call]))]
    (into [] (mapcat (fn [[key calls]] (silences-of key calls end))) by-key)))

;; What is excused.

(defn- active-at [faults time]
  (filter #(and (<= (long (:from %)) (long time)) (<= (long time) (long (:to %)))) faults))

(defn- excuses-of
  "The times that a fault excuses: from when it was ordered, and so much from when it was done; the same for its end, which may
  do harm of its own: processes are killed. For each other fault that goes on when they begin, they last a second longer."
  [{:keys [from begun ending to f] :as fault} faults table]
  (let [{:keys [start end whole]} (:silence (effects/of table f))
        longer (fn [at] (* (nanos effects/slack-ms)
                           (count (remove #(= (:id %) (:id fault)) (active-at faults at)))))
        after  (+ (long to) (nanos (or end 0)) (long (longer to)))]
    (cond
      whole [[from after]]
      :else (cond-> []
              start (conj [from (+ (long begun) (nanos start) (long (longer begun)))])
              end   (conj [ending after])))))

(defn- joined [times]
  (reduce (fn [joined [from to]]
            (let [[last-from last-to] (peek joined)]
              (if (and last-to (<= (long from) (long last-to)))
                (conj (pop joined) [last-from (max (long last-to) (long to))])
                (conj joined [from to]))))
          [] (sort times)))

(defn excused
  "All times that faults excuse, joined: also while they hit a majority of the store together, or all nodes of another role, and
  until those can have started; and the first moments of the cluster."
  [faults {:keys [effects nodes cold-ms] :or {effects effects/table, cold-ms effects/cold-ms}}]
  (joined
    (concat [[0 (nanos cold-ms)]]
            (mapcat #(excuses-of % faults effects) faults)
            (for [[from to] (effects/outages faults nodes)]
              [from (+ (long to) (nanos effects/start-ms) (nanos effects/failover-ms))]))))

(defn- unexcused
  "How much of a silence is not excused, in nanoseconds."
  ^long [silence excused]
  (- (length silence)
     (long (reduce (fn [^long sum [from to]]
                     (+ sum (max 0 (- (min (long to) (long (:to silence)))
                                      (max (long from) (long (:from silence)))))))
                   0 excused))))

;; The result.

(defn- overlapping [faults {:keys [from to]}]
  (filter #(and (<= (long (:from %)) (long to))
                (<= (long from) (+ (long (:to %)) (nanos effects/failover-ms))))
          faults))

(defn- shown [silence faults]
  {:key (:key silence), :from (:from silence), :to (:to silence), :ms (millis (length silence))
   :faults (mapv :id (overlapping faults silence))})

(defn percentile
  "The value of which this share of sorted values is not above."
  [sorted ^double share]
  (when (seq sorted)
    (nth sorted (max 0 (dec (long (Math/ceil (* share (count sorted)))))))))

(defn- spread [values]
  (let [sorted (vec (sort values))]
    {:n (count sorted), :p50 (percentile sorted 0.5), :p99 (percentile sorted 0.99), :max (peek sorted)}))

(defn- failover
  "The longest silence of any key while a fault went on or just after, how many keys were silent then, and the most that no
  fault, this one or another, excuses of such a silence."
  [fault silences excused]
  (let [its-own (filter #(seq (overlapping [fault] %)) silences)
        longest (when (seq its-own) (apply max-key length its-own))]
    {:ms   (if longest (millis (length longest)) 0.0)
     :left (millis (reduce max 0 (map #(unexcused % excused) its-own)))
     :key  (:key longest)
     :keys (count (distinct (map :key its-own)))}))

(defn check
  "Whether all silences were within what the faults excuse; the longest of them, and failover times by kind of fault and by fault."
  [history {:keys [faults nodes doors] :as opts}]
  (let [index     (history/index-of history opts)
        silences  (silences index (effects/stranded faults nodes doors))
        excused   (excused faults opts)
        failovers (map (juxt :f :id #(failover % silences excused)) faults)]
    (violations/result
      (for [silence (sort-by (comp - length) silences)
            :let  [left (unexcused silence excused)]
            :when (< (nanos effects/slack-ms) left)]
        (violations/violation
          (str (:key silence) " gave no number for " (millis (length silence)) " ms from "
               (millis (:from silence)) " ms on; " (millis left) " ms of that no fault excuses")
          (:call silence)))
      {:longest  (mapv #(shown % faults) (take 10 (sort-by (comp - length) silences)))
       :failover (let [of (fn [failovers] (spread (map (fn [[_ _ {:keys [ms]}]] ms) failovers)))]
                   (assoc (of failovers)
                          :by-fault (update-vals (group-by first failovers) of)
                          ;; Of those that silenced a key.
                          :faults (into {} (for [[_ id {:keys [key] :as failover}] failovers :when key] [id failover]))))})))
