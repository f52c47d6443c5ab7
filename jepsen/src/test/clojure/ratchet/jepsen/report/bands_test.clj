(ns ratchet.jepsen.report.bands-test
  (:require [clojure.test :refer [deftest is testing]]
            [ratchet.jepsen.report.bands :as bands]))

(def ^:private nodes
  (for [role ["store" "alloc"], i (range 1 6)]
    {:name (str role "-" i) :zone (str "zone-" i)}))

(defn- op [f at value]
  {:process :nemesis :type :info :f f :time at :value value})

(defn- of [& ops]
  (bands/of (map-indexed #(assoc %2 :index %1) ops) 1000 nodes))

(deftest a-fault-lasts-from-its-first-operation-to-its-last
  (is (= [{:fault 0 :f :kill :family :kill :on :leader :nodes #{"store-2"} :where ["store-2"] :from 100 :to 260 :healed? true}]
         (of (op :kill 100 {:fault 0 :on :leader})
             (op :kill 140 {:fault 0 :on :leader :nodes ["store-2"]})
             (op :heal-kill 200 {:fault 0})
             (op :heal-kill 260 {:fault 0 :nodes ["store-2"] :healed true})))))

(deftest one-that-is-never-healed-lasts-to-the-end
  (let [[band] (of (op :pause 100 {:fault 7}) (op :pause 110 {:fault 7 :nodes ["alloc-1"]}))]
    (is (= [100 1000 false] ((juxt :from :to :healed?) band)))))

(deftest one-whose-end-was-only-begun-is-over-by-then
  (let [[band] (of (op :kill 100 {:fault 0 :nodes ["alloc-1"]}) (op :heal-kill 900 {:fault 0}))]
    (is (= [100 900 true] ((juxt :from :to :healed?) band)))))

(deftest faults-at-once-stay-apart
  (is (= [[1 :kill 10 80] [2 :kill 20 60]]
         (map (juxt :fault :f :from :to)
              (of (op :kill 10 {:fault 1 :nodes ["store-1"]})
                  (op :kill 20 {:fault 2 :nodes ["store-2"]})
                  (op :heal-kill 60 {:fault 2})
                  (op :heal-kill 80 {:fault 1}))))))

(deftest operations-that-are-no-fault-are-no-bands
  (is (= [] (of (op :heal-all 10 {}) (op :whole 20 {:whole? true :whole-ms 3})))))

(deftest a-partition-hits-the-nodes-of-its-zones
  (let [[band] (of (op :partition 10 {:fault 0 :on :one})
                   (op :partition 11 {:fault 0 :on :one :zones ["zone-4" "zone-1" "zone-2" "zone-3" "zone-5"]})
                   (op :heal-partition 20 {:fault 0}))]
    (is (= #{"store-4" "alloc-4"} (:nodes band)))
    (is (= ["zone-4"] (:where band)))))

(deftest families
  (is (= [:kill :pause :partition :partition :packets :clock :clock :disk :operator :operator :operator :other]
         (map bands/family [:kill :pause :partition :partition-one-way :packet-loss :clock-jump :clock-rate :disk-full
                            :drain :rolling-restart :transfer :sharks]))))

(deftest every-family-has-a-word-for-its-nodes
  (is (every? string? (map (comp bands/state :family) bands/families))))

(deftest rows-never-overlap-and-are-few
  (let [bands [{:from 0 :to 10} {:from 5 :to 15} {:from 10 :to 20} {:from 12 :to 13} {:from 15 :to 30}]
        rows (bands/rows bands)]
    (is (= 3 (count rows)))
    (is (= (set bands) (set (apply concat rows))))
    (testing "one after the other"
      (is (every? (fn [row] (every? (fn [[a b]] (<= (:to a) (:from b))) (partition 2 1 row))) rows)))))

(deftest merged-intervals
  (is (= [[0 15] [20 30]] (bands/merged [{:from 20 :to 30} {:from 0 :to 10} {:from 2 :to 4} {:from 10 :to 15}]))))
