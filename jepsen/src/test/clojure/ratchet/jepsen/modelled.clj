(ns ratchet.jepsen.modelled
  "Histories from a model of a cluster that keeps the contract, from a seed: processes that call, sections with counters and
  ceilings, owners that crash. Each call takes effect at one moment between its invocation and its return, or, when it ended
  unknown, then, later or never."
  (:require [ratchet.jepsen.generator :as generator])
  (:import (java.util SplittableRandom)))

(set! *warn-on-reflection* true)

(def spaces
  {"a" {:name "a" :kind :uid :sections 4 :section-size 100 :step 50}})

(def ^:private keys-there-are
  (vec (for [section (range 4), n (range 3)] (str "a:" (+ (* 100 (long section)) (long n))))))

(defn- section-of [^String key]
  (quot (long (parse-long (subs key 2))) 100))

;; The cluster.

(def ^:private step 50)

(defn- fresh-section [_]
  {:epoch 1 :base 0 :ceiling step :counters {}})

(def ^:private fresh (vec (map fresh-section (range 4))))

(defn- last-of [{:keys [base counters]} key]
  (get counters key base))

(defn- issue
  "The cluster after a number of numbers was taken, the first of them, and the epoch."
  [cluster key count]
  (let [section (section-of key)
        {:keys [ceiling epoch] :as before} (nth cluster section)
        last    (+ (long (last-of before key)) (long count))
        ceiling (if (< (- (long ceiling) (quot (long step) 2)) last) (+ (max (long ceiling) last) (long step)) ceiling)]
    [(assoc cluster section (-> before (assoc-in [:counters key] last) (assoc :ceiling ceiling)))
     (- (inc last) (long count)) epoch]))

(defn- crash [cluster section]
  (update cluster section
          (fn [{:keys [epoch ceiling]}]
            {:epoch (inc (long epoch)) :base ceiling :ceiling (+ (long ceiling) (long step)) :counters {}})))

(defn- apply-call [cluster {:keys [f key keys count]}]
  (case f
    (:next :range) (let [[cluster first epoch] (issue cluster key (or count 1))]
                     [cluster {:key key :first first :count (or count 1) :epoch epoch}])
    :next-all      (reduce (fn [[cluster got] key]
                             (let [[cluster first epoch] (issue cluster key 1)]
                               [cluster (-> got (update :firsts conj first) (update :epochs conj epoch))]))
                           [cluster {:keys keys :firsts [] :epochs []}] keys)
    :current       (let [{:keys [counters base epoch] :as section} (nth cluster (section-of key))]
                     [cluster {:key key :number (last-of section key) :epoch epoch
                               :exact (or (contains? counters key) (zero? (long base)))}])))

;; The calls.

(defn- pick [^SplittableRandom random coll]
  (nth coll (.nextInt random (count coll))))

(defn- asked [^SplittableRandom random]
  (let [key (if (.nextBoolean random) (first keys-there-are) (pick random keys-there-are))]
    (case (generator/weighted random {:next 5 :range 2 :next-all 1 :current 3})
      :next     {:f :next :key key}
      :range    {:f :range :key key :count (inc (.nextInt random 9))}
      :next-all {:f :next-all :keys (vec (distinct (repeatedly 3 #(pick random keys-there-are))))}
      :current  {:f :current :key key})))

(def ^:private ms 1000000)

(defn- calls-of
  "The calls of one worker, each with its moment."
  [^SplittableRandom random worker {:keys [calls workers unknown]}]
  (loop [left calls, time (* (long ms) (.nextInt random 20)), process worker, made []]
    (if (zero? (long left))
      made
      (let [from     (+ (long time) (* (long ms) (inc (.nextInt random 40))))
            to       (+ from (* (long ms) (inc (.nextInt random 30))))
            moment   (+ from (long (* (.nextDouble random) (- to from))))
            unknown? (< (.nextDouble random) (double unknown))
            type     (cond unknown? :info
                           (zero? (.nextInt random 50)) :fail
                           :else :ok)
            moment   (case type
                       :ok   moment
                       :fail nil
                       :info (case (.nextInt random 3)
                               0 nil
                               1 moment
                               2 (+ to (* (long ms) (.nextInt random 500)))))]
        (recur (dec (long left)) to (if unknown? (+ (long process) (long workers)) process)
               (conj made (assoc (asked random) :process process :type type :from from :to to :moment moment)))))))

(defn- value [{:keys [f key keys count]}]
  (case f :next-all {:keys keys} :range {:key key :count count} {:key key}))

(defn- ops-of [{:keys [process f type from to got] :as call}]
  (let [invoke {:type :invoke :process process :f f :value (value call) :time from}]
    [invoke (cond-> (assoc invoke :type type :time to)
              (= :ok type)  (assoc :value got)
              (= :info type) (assoc :error [:timeout "no answer"])
              (= :fail type) (assoc :error [:unavailable "nobody serves"]))]))

(defn- crashes [^SplittableRandom random n end]
  (for [id (range n)]
    (let [at (long (* (.nextDouble random) (long end)))]
      {:id id :moment at :section (.nextInt random 4) :from (- at ms) :to (+ at (* 3 (long ms)))})))

(defn- crash-ops [{:keys [id from to section]}]
  (for [[time f] [[from :kill] [to :heal-kill]]]
    {:type :info :process :nemesis :f f :time time :value {:fault id :nodes [(str "alloc-" section)]}}))

(defn history
  "A valid history. `:crashes` and the share of `:unknown` calls are 0 for a graceful one."
  [{:keys [seed crashes unknown workers calls] :or {crashes 3 unknown 0.03 workers 5 calls 60}}]
  (let [random  (generator/random seed :model)
        calls   (vec (mapcat #(calls-of random % {:calls calls :workers workers :unknown unknown}) (range workers)))
        crashes (ratchet.jepsen.modelled/crashes random crashes (reduce max (map :to calls)))
        moments (sort-by :moment
                         (concat (for [[at call] (map-indexed vector calls) :when (:moment call)]
                                   (assoc call :at at))
                                 crashes))
        got     (second
                  (reduce (fn [[cluster got] {:keys [at section] :as moment}]
                            (if at
                              (let [[cluster value] (apply-call cluster moment)]
                                [cluster (assoc got at value)])
                              [(crash cluster section) got]))
                          [fresh {}] moments))]
    (->> (concat (mapcat (fn [[at call]] (ops-of (assoc call :got (get got at)))) (map-indexed vector calls))
                 (mapcat crash-ops crashes))
         (sort-by (juxt :time #(if (= :invoke (:type %)) 1 0)))
         (map-indexed #(assoc %2 :index %1))
         vec)))
