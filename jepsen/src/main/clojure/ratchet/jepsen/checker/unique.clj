(ns ratchet.jepsen.checker.unique
  "G1: no number of a key is handed out twice. Ranges are disjoint, and as long as was asked.

  Numbers of calls that ended unknown are not known, and can't be looked at."
  (:require [ratchet.jepsen.checker.violations :as violations]
            [ratchet.jepsen.history :as history]))

(set! *warn-on-reflection* true)

(defn- clashes
  "Pairs of takes of one key, in order of numbers, that share a number: each with the one before it that reaches
  highest."
  [takes]
  (loop [highest (first takes), takes (next takes), found []]
    (if-let [one (first takes)]
      (recur (if (< (long (:last highest)) (long (:last one))) one highest)
             (next takes)
             (cond-> found (<= (long (:first one)) (long (:last highest))) (conj [highest one])))
      found)))

(defn- single? [take]
  (= (:first take) (:last take)))

(defn- describe [{:keys [first last]}]
  (if (= first last) (str first) (str first " to " last)))

(defn- clash [[a b]]
  (violations/violation (str (:key a) " gave " (describe a) " and " (describe b)) (:call a) (:call b)))

(defn check
  "No single number twice."
  [history opts]
  (let [{:keys [takes]} (history/index-of history opts)]
    (violations/result
      (for [takes (vals takes), [a b] (clashes takes) :when (and (single? a) (single? b))]
        (clash [a b]))
      {:numbers (reduce + 0 (for [takes (vals takes), take takes]
                              (inc (- (long (:last take)) (long (:first take))))))
       :keys    (count takes)})))

(defn- wrong-size
  "What is wrong with the answer of a call, or nil."
  [call]
  (let [counts (map second (history/asked call))
        got    (history/takes call)]
    (cond
      (not= counts (map #(inc (- (long (:last %)) (long (:first %)))) got)) "got another count than it asked for"
      (some #(< (long (:first %)) 1) got)                                   "got a number below 1")))

(defn check-ranges
  "No range that shares a number with another, and none of another size than asked."
  [history opts]
  (let [{:keys [takes calls]} (history/index-of history opts)]
    (violations/result
      (concat
        (for [takes (vals takes), [a b] (clashes takes) :when (not (and (single? a) (single? b)))]
          (clash [a b]))
        (for [call  calls
              :when (and (history/takes? call) (= :ok (:type call)))
              :let  [wrong (wrong-size call)]
              :when wrong]
          (violations/violation (str "a call " wrong) call))))))
