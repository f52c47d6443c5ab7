(ns ratchet.jepsen.checker.health-test
  (:require [clojure.test :refer [deftest is]]
            [ratchet.jepsen.scripted :refer [check history]]))

(def ^:private kill {:id 0 :f :kill :from 1000 :to 2000 :value {:nodes ["alloc-1"]}})
(def ^:private disk {:id 1 :f :disk-full :from 1000 :to 2000 :value {:nodes ["store-1"]}})

(defn- a [from type]
  {:p 0 :f :next :key "a:1" :from from :to (inc from) :first 1 :type type :error [:unavailable "nobody serves"]})

(defn- holds? [calls faults evidence]
  (:valid? (check :health (history calls faults) {:evidence evidence})))

(deftest calls-may-fail-until-some-time-after-the-last-heal
  (is (holds? [(a 1500 :fail) (a 11000 :info)] [kill] {}))
  (is (not (holds? [(a 12500 :fail)] [kill] {})))
  (is (not (holds? [(a 12500 :info)] [kill] {}))))

(deftest from-when-the-cluster-is-whole-no-call-fails
  (let [whole {:index 99 :type :info :process :nemesis :f :whole :time 5000000000 :value {:whole? true}}
        held? (fn [call] (:valid? (check :health (conj (history [call] [kill]) whole))))]
    (is (held? (a 4900 :fail)))
    (is (not (held? (a 5100 :fail))))))

(deftest a-cluster-that-does-not-become-whole-is-not-well
  (let [whole {:index 99 :type :info :process :nemesis :f :whole :time 40000000000
               :value {:whole? false :whole-ms 60000 :why ["store-1 lags"]}}]
    (is (not (:valid? (check :health (conj (history [] [kill]) whole)))))
    (is (:valid? (check :health (conj (history [] [kill]) (assoc-in whole [:value :whole?] true)))))))

(deftest nodes-are-ready-and-alive
  (is (not (holds? [] [kill] {:not-ready [{:node "store-1" :why "no leader"}]})))
  (is (not (holds? [] [kill] {:crashes [{:node "store-1" :exit 1}]}))))

(deftest errors-in-logs-need-a-fault-that-explains-them
  (let [error {:node "store-1" :line "ERROR the store node halts: No space left on device" :time 1500000000}]
    (is (holds? [] [disk] {:errors [error]}))
    (is (not (holds? [] [kill] {:errors [error]})))
    (is (not (holds? [] [disk] {:errors [(assoc error :time 100000000000)]})))
    (is (holds? [] [disk] {:errors [(dissoc error :time)]}))
    (is (not (holds? [] [disk] {:errors [(assoc error :line "ERROR a task of the control thread failed")]})))))

(deftest a-node-that-can-not-open-its-log-is-explained-by-a-bad-disk-only
  (let [error {:node "store-1" :time 1500000000
               :line "2026-01-01 00:00:00,331 ERROR [main] c.a.sofa.jraft.core.NodeImpl: Node <c/10.77.0.13:7101> initLogStorage failed."}]
    (is (holds? [] [disk] {:errors [error]}))
    (is (not (holds? [] [kill] {:errors [error]})))))

(deftest no-fault-explains-a-ceiling-that-is-not-as-expected
  (let [error {:node "alloc-1" :time 1500000000
               :line "ERROR [c] d.r.alloc.window.Raiser: s/3 epoch 2 is lost: the store refused a raise to 200 with STALE_MAX_SEQ"}]
    (is (not (holds? [] [kill] {:errors [error]})))
    (is (not (holds? [] [disk] {:errors [error]})))))

(deftest an-error-of-the-harness-is-shown
  (is (not (holds? [(assoc (a 1500 :info) :error [:harness "NullPointerException"])] [kill] {}))))

(deftest unreachable-members-are-normal-while-a-cluster-starts-and-when-something-cuts-them-off
  (let [error {:node "store-1" :time -1000
               :line (str "2026-01-01 00:00:00,331 ERROR [JRaft-ElectionTimer-<c/10.77.0.11:7101>0] c.a.s.j.r.i.AbstractClientService: "
                          "Fail to connect 10.77.0.14:7101, remoting exception: x")}]
    (is (holds? [] [] {:errors [error]}))
    (is (not (holds? [] [] {:errors [(assoc error :time 1000)]})))
    (is (holds? [] [kill] {:errors [(assoc error :time 1500000000)]}))
    (is (not (holds? [] [disk] {:errors [(assoc error :time 1500000000 :line "ERROR [x] d.ratchet.store.lead.LeaderDuties: the leader's duties failed")]})))))
