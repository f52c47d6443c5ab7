(ns ratchet.jepsen.checker.hidden
  "Numbers that were taken, and that nobody was told: what may explain a gap, or a last number that nobody got.

  - A call that ended unknown may have taken numbers, once for each time that the client tried. So may one that
    failed in a strict namespace: its numbers were taken, and then not confirmed.
  - A call that was answered may have been tried before, and that answer lost. That needs something that breaks a
    connection or delays an answer: a disruptive fault."
  (:require [ratchet.jepsen.effects :as effects]
            [ratchet.jepsen.history :as history]))

(set! *warn-on-reflection* true)

(def most-attempts
  "How often a client tries within its deadline: after 2, 4, 8 … 100 ms, each cut by up to a half, in 3 s."
  64)

(defn- namespace-name [^String key]
  (subs key 0 (max 0 (.indexOf key ":"))))

(defn strict?
  "Whether a key is in a strict namespace."
  [spaces key]
  (boolean (:strict (get spaces (namespace-name key)))))

(defn- unsure-in-strict [{:keys [calls]} spaces]
  (for [call calls
        :when (and (history/takes? call) (= :fail (:type call)))
        [key count] (history/asked call)
        :when (strict? spaces key)]
    [key [call count]]))

(defn unsure
  "The calls of each key that may have taken numbers unseen: key → [[call count] …] in order of invocation."
  [index spaces]
  (let [strict (history/grouped (unsure-in-strict index spaces))]
    (update-vals (merge-with into (:unsure index) strict)
                 (fn [all] (vec (sort-by #(:i0 (first %)) all))))))

(defn most-hidden
  "A function of a key and a time: how many numbers at most calls that ended unknown may have taken of it by then."
  [unsure]
  (let [sums (update-vals unsure
                          (fn [all]
                            (into (sorted-map)
                                  (map vector
                                       (map #(:t0 (first %)) all)
                                       (rest (reductions + 0 (map #(* (long most-attempts) (long (second %))) all)))))))]
    (fn [key time]
      (if-let [sums (get sums key)]
        (or (some-> (rsubseq sums <= time) first val) 0)
        0))))

(defn disrupted
  "The times that disruptive faults explain."
  [{:keys [faults effects]}]
  (effects/spans (effects/disruptive? (or effects effects/table)) faults))
