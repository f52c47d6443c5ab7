(ns ratchet.jepsen.effects-test
  (:require [clojure.test :refer [deftest is]]
            [ratchet.jepsen.effects :as effects]
            [ratchet.jepsen.faults :as faults]
            [ratchet.jepsen.nemesis :as nemesis]))

(def ^:private nodes ["store-1" "store-2" "store-3" "alloc-1" "alloc-2" "router-1" "router-2"])

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

(deftest all-routers-gone-is-an-outage
  (is (= [[20 50]] (effects/outages [(fault 0 10 50 "router-1") (fault 1 20 90 "router-2")] nodes))))

(deftest zones-that-are-cut-off-take-their-nodes-along
  (let [cut {:id 0 :f :partition :from 10 :to 50 :value {:on :one :zones ["zone-2" "zone-1" "zone-3"]}}]
    (is (= #{"store-2" "alloc-2" "router-2"} (effects/hit nodes cut)))
    (is (= [[30 50]] (effects/outages [cut (fault 1 30 60 "store-1")] nodes)))))

(deftest redis-clients-of-a-router-that-is-cut-off-are-stranded
  (let [s    1000000000
        cut  {:id 0 :f :partition :from (* 10 s) :to (* 20 s) :value {:on :one :zones ["zone-2" "zone-1" "zone-3"]}}
        call (fn [via from to] {:t0 (* from s) :complete {:time (* to s) :value {:via via}}})
        of   (effects/stranded [cut (fault 1 (* 10 s) (* 20 s) "router-1")] nodes {"a:1" "router-2", "a:2" "router-1"})]
    (is (of (call "a:1" 9 12)))
    (is (of (call "a:1" 15 16)))
    (is (of (call "a:1" 22 25)))
    (is (not (of (call "a:1" 5 9))))
    (is (not (of (call "a:1" 24 25))))
    (is (not (of (call "a:2" 15 16))))
    (is (not (of (call :router 15 16))))
    (is (not (of {:t0 (* 15 s)})))))

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
