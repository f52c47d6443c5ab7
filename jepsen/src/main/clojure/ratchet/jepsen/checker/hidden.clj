(ns ratchet.jepsen.checker.hidden
  "Numbers that were taken, and that nobody was told: what may explain a gap, or a last number that nobody got.

  - A call that ended unknown may have taken numbers, once for each time that the client tried.
  - In a strict namespace numbers are taken first, and confirmed then. What is not confirmed in time is skipped: by a call that
    failed, and by one that was answered, if it took so long that an attempt before may have been refused.
  - Anywhere, an answered call may have been tried before and that answer lost. That needs something that breaks a
    connection or delays an answer: a disruptive fault."
  (:require [ratchet.jepsen.effects :as effects]
            [ratchet.jepsen.history :as history]))

(set! *warn-on-reflection* true)

(def most-attempts
  "How often a client tries within its deadline: after 2, 4, 8 … 100 ms, each cut by up to a half, in 3 s."
  64)

(def ^:private confirm-nanos
  "No attempt of a strict call is refused earlier (`calls.max_wait_millis` is 250, counted from when the node got it)."
  200000000)

(defn- namespace-name [^String key]
  (subs key 0 (max 0 (.indexOf key ":"))))

(defn strict?
  "Whether a key is in a strict namespace."
  [spaces key]
  (boolean (:strict (get spaces (namespace-name key)))))

(defn- refused-attempts
  "How many attempts of a call in a strict namespace may have been refused after they took numbers."
  ^long [{:keys [type t0 t1]}]
  (if (= :ok type)
    (quot (- (long t1) (long t0)) (long confirm-nanos))
    (long most-attempts)))

(defn- unconfirmed [{:keys [calls]} spaces]
  (for [call calls
        :when (and (history/takes? call) (not= :info (:type call)))
        [key count] (history/asked call)
        :when (strict? spaces key)
        :let  [attempts (refused-attempts call)]
        :when (pos? attempts)]
    [key [call (* attempts (long count))]]))

(defn unsure
  "The calls of each key that may have taken numbers unseen, and how many at most: key → [[call most] …] in order of
  invocation."
  [index spaces]
  (let [unanswered (update-vals (:unsure index)
                                (fn [all] (mapv (fn [[call count]] [call (* (long most-attempts) (long count))]) all)))]
    (update-vals (merge-with into unanswered (history/grouped (unconfirmed index spaces)))
                 (fn [all] (vec (sort-by #(:i0 (first %)) all))))))

(defn most-hidden
  "A function of a key and a time: how many numbers of it at most were taken unseen by then."
  [unsure]
  (let [sums (update-vals unsure
                          (fn [all]
                            (into (sorted-map)
                                  (map vector
                                       (map #(:t0 (first %)) all)
                                       (rest (reductions + 0 (map second all)))))))]
    (fn [key time]
      (if-let [sums (get sums key)]
        (or (some-> (rsubseq sums <= time) first val) 0)
        0))))

(defn disrupted
  "The times that disruptive faults explain."
  [{:keys [faults effects]}]
  (effects/spans (effects/disruptive? (or effects effects/table)) faults))
