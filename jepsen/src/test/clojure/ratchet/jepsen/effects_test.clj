(ns ratchet.jepsen.effects-test
  (:require [clojure.test :refer [deftest is]]
            [ratchet.jepsen.effects :as effects]
            [ratchet.jepsen.faults :as faults]
            [ratchet.jepsen.nemesis :as nemesis]))

(def ^:private nodes ["store-1" "store-2" "store-3" "alloc-1" "alloc-2" "router-1"])

(defn- fault [id from to & names]
  {:id id :f :kill :from from :to to :value {:nodes (vec names)}})

(deftest every-fault-that-there-is-has-its-effects
  (doseq [seed (range 40)
          entry (faults/schedule {:seed seed :time-ms 60000 :faults (keys faults/kinds)})]
    (is (contains? effects/table (nemesis/op-f entry)) (pr-str entry))))

(deftest a-majority-that-is-gone-is-an-outage-while-it-lasts
  (is (= [] (effects/outages [(fault 0 10 50 "store-1") (fault 1 60 90 "store-2")] nodes)))
  (is (= [[20 50]] (effects/outages [(fault 0 10 50 "store-1") (fault 1 20 90 "store-2")] nodes))))

(deftest all-allocation-nodes-gone-is-an-outage
  (is (= [[10 50]] (effects/outages [(fault 0 10 50 "alloc-1" "alloc-2")] nodes)))
  (is (= [] (effects/outages [(fault 0 10 50 "alloc-1" "store-1")] nodes))))

(deftest all-routers-gone-is-an-outage
  (is (= [[10 50]] (effects/outages [(fault 0 10 50 "router-1")] nodes)))
  (is (= [] (effects/outages [(fault 0 10 50 "router-1")] (conj nodes "router-2")))))

(deftest zones-that-are-cut-off-take-their-nodes-along
  (let [cut {:id 0 :f :partition :from 10 :to 50 :value {:on :one :zones ["zone-2" "zone-1" "zone-3"]}}]
    (is (= #{"store-2" "alloc-2"} (effects/hit nodes cut)))
    (is (= [[30 50]] (effects/outages [cut (fault 1 30 60 "store-1")] nodes)))))

(deftest without-names-of-nodes-nothing-is-an-outage
  (is (= [] (effects/outages [(fault 0 10 50 "store-1" "store-2" "store-3")] nil))))

(deftest clocks-are-beyond-the-limits-only-by-a-rate
  (is (effects/beyond-clocks? {:f :clock-rate :value {:rate 0.1}}))
  (is (effects/beyond-clocks? {:f :clock-rate :value {:rate 1.5}}))
  (is (not (effects/beyond-clocks? {:f :clock-rate :value {:rate 0.9}})))
  (is (not (effects/beyond-clocks? {:f :clock-jump :value {:millis 86400000}}))))

(deftest spans-are-joined-and-found
  (let [s     1000000000
        spans (effects/spans (effects/disruptive? effects/table)
                             [(fault 0 0 s) (fault 1 (* 3 s) (* 4 s)) (fault 2 (* 30 s) (* 31 s))
                              {:id 3 :f :drain :from (* 60 s) :to (* 61 s)}])]
    (is (= [[0 (* 9 s)] [(* 30 s) (* 36 s)]] spans))
    (is (effects/overlaps? spans (* 9 s) (* 10 s)))
    (is (effects/overlaps? spans (* 20 s) (* 40 s)))
    (is (not (effects/overlaps? spans (* 10 s) (* 29 s))))
    (is (not (effects/overlaps? spans (* 60 s) (* 61 s))))
    (is (not (effects/overlaps? [] 0 s)))))
