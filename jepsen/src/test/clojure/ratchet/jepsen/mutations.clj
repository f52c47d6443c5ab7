(ns ratchet.jepsen.mutations
  "Ways to break a valid history in one place. Each takes a history and a source of random numbers, and gives a history that is
  wrong for sure, or nil where there is no place for it."
  (:require [ratchet.jepsen.history :as history])
  (:import (java.util SplittableRandom)))

(set! *warn-on-reflection* true)

(defn- pick [^SplittableRandom random coll]
  (let [coll (vec coll)]
    (when (seq coll)
      (nth coll (.nextInt random (count coll))))))

(defn- at [call]
  (:index (:complete call)))

(defn- answered [history & fs]
  (filter #(and (= :ok (:type %)) (contains? (set fs) (:f %))) (history/calls history)))

(defn- told [call field]
  (get-in call [:complete :value field]))

(defn- same-key
  "Pairs of answered calls of one key, the first of which returned before the second began."
  [earlier later]
  (for [a earlier, b later
        :when (and (= (told a :key) (told b :key)) (< (long (:i1 a)) (long (:i0 b))))]
    [a b]))

(defn- last-number [call]
  (+ (long (told call :first)) (dec (long (told call :count)))))

(defn- put [history call field value]
  (assoc-in history [(at call) :value field] value))

(defn repeat-number
  "A call gets the number of another one that overlaps it or not."
  [history random]
  (let [calls (answered history :next)]
    (when-let [[a b] (pick random (for [a calls, b calls
                                        :when (and (not= a b) (= (told a :key) (told b :key)))]
                                    [a b]))]
      (put history b :first (told a :first)))))

(defn swap-numbers
  "Two calls, one after the other, get each other's numbers."
  [history random]
  (let [calls (answered history :next)]
    (when-let [[a b] (pick random (same-key calls calls))]
      (-> history
          (put a :first (told b :first))
          (put b :first (told a :first))))))

(defn swap-in-session
  "Two calls of one process get each other's numbers."
  [history random]
  (let [calls (answered history :next)]
    (when-let [[a b] (pick random (filter (fn [[a b]] (= (:process a) (:process b))) (same-key calls calls)))]
      (-> history
          (put a :first (told b :first))
          (put b :first (told a :first))))))

(defn overlap-range
  "A range begins one number too early, where that number is somebody's."
  [history random]
  (let [owned (into #{} (for [call (answered history :next :range)] [(told call :key) (last-number call)]))]
    (when-let [call (pick random (filter #(and (< 1 (long (told % :count)))
                                               (owned [(told % :key) (dec (long (told % :first)))]))
                                         (answered history :range)))]
      (put history call :first (dec (long (told call :first)))))))

(defn shorten-range
  "A range has fewer numbers than were asked for."
  [history random]
  (when-let [call (pick random (filter #(< 1 (long (told % :count))) (answered history :range)))]
    (put history call :count (dec (long (told call :count))))))

(defn current-too-low
  "A current is below what had been returned."
  [history random]
  (when-let [[a b] (pick random (same-key (answered history :next :range) (answered history :current)))]
    (put history b :number (dec (long (last-number a))))))

(defn current-too-high
  "A current is so high that a call that began after it got no more."
  [history random]
  (when-let [[a b] (pick random (same-key (answered history :current) (answered history :next :range)))]
    (put history a :number (+ (long (last-number b)) 1))))

(defn current-goes-down
  "A current is below one that had been returned."
  [history random]
  (let [currents (answered history :current)]
    (when-let [[a b] (pick random (filter #(pos? (long (told (first %) :number))) (same-key currents currents)))]
      (put history b :number (dec (long (told a :number)))))))

(defn current-inside-range
  "An exact current is inside a range."
  [history random]
  (let [currents (filter #(told % :exact) (answered history :current))]
    (when-let [[range current] (pick random (for [range (answered history :range), current currents
                                                  :when (and (= (told range :key) (told current :key))
                                                             (< 1 (long (told range :count))))]
                                              [range current]))]
      (put history current :number (told range :first)))))

(defn exact-from-nowhere
  "A current claims a number that nobody has taken, as exact. For histories without unknown calls and crashes."
  [history random]
  (when-let [call (pick random (answered history :current))]
    (let [key     (told call :key)
          highest (reduce max 0 (map last-number (filter #(= key (told % :key)) (answered history :next :range))))]
      (-> history
          (put call :number (+ 1000 (long highest)))
          (put call :exact true)))))

(defn bound-without-crash
  "A current calls itself a bound. For histories without crashes."
  [history random]
  (when-let [call (pick random (answered history :current))]
    (put history call :exact false)))

(defn- shift
  "All numbers of the keys that `choose` picks, from calls whose epoch and number are above, are so much higher."
  [history choose by]
  (mapv (fn [{:keys [type f value] :as op}]
          (if (= :ok type)
            (case f
              (:next :range) (cond-> op (choose (:key value) (:first value) (:epoch value))
                               (update-in [:value :first] + by))
              :next-all      (update op :value
                                     (fn [{:keys [keys firsts epochs] :as value}]
                                       (assoc value :firsts (mapv #(if (choose %1 %2 %3) (+ (long %2) (long by)) %2)
                                                                  keys firsts epochs))))
              :current       (cond-> op (choose (:key value) (:number value) (:epoch value))
                               (update-in [:value :number] + by)))
            op))
        history))

(defn skip-a-number
  "From some number on, a key is one higher. For histories without unknown calls and crashes."
  [history random]
  (when-let [call (pick random (answered history :next))]
    (shift history (fn [key number _] (and (= key (told call :key)) (<= (long (told call :first)) (long number)))) 1)))

(defn skip-many-windows
  "From some epoch on, all keys of a section are far higher than its grants explain."
  [history random]
  (when-let [call (pick random (filter #(< 1 (long (told % :epoch))) (answered history :next)))]
    (let [section (fn [^String key] (quot (long (parse-long (subs key 2))) 100))]
      (shift history (fn [key _ epoch] (and (= (section key) (section (told call :key)))
                                            (<= (long (told call :epoch)) (long epoch))))
             10000))))

(defn epoch-back
  "An answer names an epoch below one that its process has seen of the key."
  [history random]
  (let [calls (answered history :next :range)]
    (when-let [[_ b] (pick random (filter (fn [[a b]] (= (:process a) (:process b))) (same-key calls calls)))]
      (put history b :epoch 0))))

(defn fall-silent
  "From some call on, nobody gets anything for ten seconds: what came later comes later still, and all calls that were under way
  wait. For histories without faults."
  [history random]
  (when-let [call (pick random (answered history :next :range))]
    (let [from (:t0 call)]
      (mapv #(cond-> % (< (long from) (long (:time %))) (update :time + 10000000000)) history))))
