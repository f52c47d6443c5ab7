(ns ratchet.jepsen.nemesis.partition
  "Shapes of partitions: from zones to drops of packets. Pure.

  Callers stay joined to all zones, but where a shape says otherwise: what is asked is whether those who still
  hear each other go on rightly."
  (:require [ratchet.jepsen.layout :as layout]
            [ratchet.jepsen.nemesis.target :as target]
            [ratchet.jepsen.net :as net]))

(set! *warn-on-reflection* true)

(defn- one [zones] (net/cut-groups (take 1 zones) (drop 1 zones)))

(defn- halves [zones]
  (let [n (target/minority (count zones))]
    (net/cut-groups (take n zones) (drop n zones))))

(defn- ring
  "Each zone hears a majority, and no two of them the same one."
  [zones]
  (let [n     (count zones)
        reach (if (= 3 n) 1 (quot (target/majority n) 2))
        apart (fn [a b] (let [d (abs (- (long a) (long b)))] (min d (- n d))))]
    (if (= 3 n)
      ;; The nearest that three can come: two that don't hear each other, and one that hears both.
      (net/cut-both (first zones) (second zones))
      (vec (for [a (range n), b (range n)
                 :when (and (< (long a) (long b)) (< (long reach) (long (apart a b))))
                 drop (net/cut-both (nth zones a) (nth zones b))]
             drop)))))

(defn- bridge
  "Two halves, and one zone between them that hears both."
  [zones]
  (let [others (rest zones)
        n      (quot (count others) 2)]
    (net/cut-groups (take n others) (drop n others))))

(defn- one-way
  "One zone hears all others, and they don't hear it."
  [zones]
  (mapv #(net/cut (first zones) %) (rest zones)))

(defn shape
  "The drops of a partition. `zones` are in the order that the pick decides, that of the leader or owner first where
  one is meant."
  [on zones]
  (case on
    (:one :leader)      (one zones)
    :halves             (halves zones)
    :ring               (ring zones)
    :bridge             (bridge zones)
    :one-way            (one-way zones)
    :owner-from-store   (net/cut-service (first zones) :out (get-in layout/ports [:store :rpc]))
    :callers-from-owner (net/cut-service (first zones) :in (get-in layout/ports [:alloc :native]))))

(defn zones-first
  "The zones as the pick orders them, the given one first."
  [pick zones first-zone]
  (let [shuffled (target/shuffled pick zones)]
    (if first-zone
      (into [first-zone] (remove #{first-zone} shuffled))
      shuffled)))
