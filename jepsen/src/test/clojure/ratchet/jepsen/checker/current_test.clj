(ns ratchet.jepsen.checker.current-test
  (:require [clojure.test :refer [deftest is]]
            [ratchet.jepsen.scripted :refer [check history]]))

(defn- take-call [p from to first & {:as more}]
  (merge {:p p :f :next :key "a:1" :from from :to to :first first} more))

(defn- current [p from to number & {:as more}]
  (merge {:p p :f :current :key "a:1" :from from :to to :number number} more))

(def ^:private kill {:id 0 :f :kill :from 12 :to 14 :value {:nodes ["alloc-1"]}})

(defn- holds? [calls & faults]
  (:valid? (check :current (history calls faults))))

(deftest it-is-what-was-returned-last
  (is (holds? [(take-call 0 0 10 5) (current 1 11 20 5)]))
  (is (not (holds? [(take-call 0 0 10 5) (current 1 11 20 4)]))))

(deftest a-bound-is-no-lower-either
  (is (not (holds? [(take-call 0 0 10 5) (current 1 15 20 4 :exact false)] kill)))
  (is (holds? [(take-call 0 0 10 5) (current 1 15 20 40 :exact false)] kill)))

(deftest calls-that-overlap-it-may-count-or-not
  (is (holds? [(take-call 0 0 10 5) (take-call 1 12 30 6) (current 2 15 20 5)]))
  (is (holds? [(take-call 0 0 10 5) (take-call 1 12 30 6) (current 2 15 20 6)])))

(deftest nothing-taken-is-zero
  (is (holds? [(current 0 0 10 0)]))
  (is (not (holds? [(take-call 0 0 10 1) (current 0 11 12 0)]))))

(deftest a-later-call-gets-more-than-it-said
  (is (holds? [(take-call 0 0 30 5) (current 1 11 20 5) (take-call 2 21 40 6)]))
  (is (not (holds? [(take-call 0 0 30 6) (current 1 11 20 6) (take-call 2 21 40 5)])))
  (is (not (holds? [(current 1 15 20 40 :exact false) (take-call 2 21 40 40)] kill))))

(deftest it-never-goes-down
  (is (not (holds? [(take-call 0 0 50 5) (take-call 1 0 50 6) (current 2 11 20 6) (current 3 21 30 5)]))))

(deftest exact-is-a-number-that-somebody-got
  (is (not (holds? [(take-call 0 0 10 5) (current 1 11 20 6)])))
  (is (not (holds? [(take-call 0 0 10 5) (current 1 11 20 100) (take-call 2 30 40 101)]))))

(deftest exact-may-be-a-number-whose-call-is-under-way
  (is (holds? [(take-call 0 0 40 5) (current 1 11 20 5)]))
  (is (not (holds? [(current 1 11 20 5) (take-call 0 21 40 5)]))))

(deftest exact-may-be-a-number-of-an-unknown-call
  (is (holds? [(take-call 0 0 10 nil :type :info) (current 1 11 20 1)]))
  (is (not (holds? [(current 1 11 20 1) (take-call 0 25 30 nil :type :info)])))
  (is (not (holds? [(take-call 0 0 10 nil :type :fail) (current 1 11 20 1)]))))

(deftest exact-may-be-a-number-of-an-attempt-that-a-crash-cut-off
  (is (holds? [(take-call 0 0 20 2) (current 1 11 18 1)] kill))
  (is (not (holds? [(take-call 0 9000 9010 2) (current 1 9001 9005 1)] kill))))

(deftest after-a-crash-the-base-is-not-exact
  (is (not (holds? [(current 1 15 20 10)] kill)))
  (is (holds? [(current 1 15 20 10 :exact false)] kill)))

(deftest exact-is-never-inside-a-range
  (let [range (take-call 0 0 10 1 :f :range :count 10)]
    (is (holds? [range (current 1 5 20 10)]))
    (is (not (holds? [range (current 1 5 20 9)])))))

(deftest a-bound-needs-a-crash
  (is (not (holds? [(take-call 0 0 5 1) (current 1 6 9 1 :exact false)] kill)))
  (is (not (holds? [(take-call 0 0 5 1) (current 1 6 9 1 :exact false)]))))

(deftest plain-get-says-neither
  (is (holds? [(take-call 0 0 5 1) (current 1 6 9 7 :exact nil)]))
  (is (not (holds? [(take-call 0 0 5 2) (current 1 6 9 1 :exact nil)]))))

(deftest numbers-that-were-not-confirmed-may-be-last-in-strict
  (is (holds? [(take-call 0 0 10 nil :key "s:1" :type :fail) (current 1 11 20 1 :key "s:1")]))
  (is (holds? [(take-call 0 0 700 4 :key "s:1") (current 1 100 200 3 :key "s:1")])))

(deftest far-too-slow-clocks-excuse-order-and-nothing-else
  (let [slow {:id 0 :f :clock-rate :from 5 :to 15 :value {:rate 0.1}}]
    (is (holds? [(take-call 0 0 1 4) (take-call 0 2 10 5) (current 1 11 20 4)] slow))
    (is (not (holds? [(take-call 0 0 1 4 :key "s:1") (take-call 0 2 10 5 :key "s:1") (current 1 11 20 4 :key "s:1")] slow)))))
