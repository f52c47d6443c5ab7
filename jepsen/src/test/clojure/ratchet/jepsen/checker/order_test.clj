(ns ratchet.jepsen.checker.order-test
  (:require [clojure.test :refer [deftest is]]
            [ratchet.jepsen.scripted :refer [check history]]))

(defn- a [p from to first & {:as more}]
  (merge {:p p :f :next :key "a:1" :from from :to to :first first} more))

(deftest a-later-call-gets-more
  (is (:valid? (check :order (history [(a 0 0 10 1) (a 1 11 20 2)]))))
  (is (not (:valid? (check :order (history [(a 0 0 10 2) (a 1 11 20 1)]))))))

(deftest calls-that-overlap-may-get-either
  (is (:valid? (check :order (history [(a 0 0 12 2) (a 1 11 20 1)])))))

(deftest order-is-seen-across-calls-between
  (is (not (:valid? (check :order (history [(a 0 0 5 9) (a 1 6 100 10) (a 2 50 60 8)]))))))

(deftest all-of-a-range-counts
  (is (not (:valid? (check :order (history [(a 0 0 10 5 :f :range :count 10) (a 1 11 20 14)])))))
  (is (:valid? (check :order (history [(a 0 0 10 5 :f :range :count 10) (a 1 11 20 15)])))))

(deftest each-key-of-a-batch-counts
  (let [batch {:p 0 :f :next-all :keys ["a:2" "a:1"] :firsts [1 9] :from 0 :to 10}]
    (is (not (:valid? (check :order (history [batch (a 1 11 20 8)])))))
    (is (:valid? (check :order (history [batch (a 1 11 20 2 :key "a:2")]))))))

(deftest unknown-calls-constrain-nothing
  (is (:valid? (check :order (history [(a 0 0 10 9 :type :info) (a 1 11 20 1)]))))
  (is (:valid? (check :order (history [(a 0 0 nil nil) (a 1 11 20 1)])))))

(deftest keys-have-orders-of-their-own
  (is (:valid? (check :order (history [(a 0 0 10 9) (a 1 11 20 1 :key "a:2")])))))

;; Clocks.

(def ^:private slow-clock
  {:id 0 :f :clock-rate :from 5 :to 15 :value {:rate 0.1 :nodes ["alloc-1"]}})

(deftest lease-mode-may-break-order-while-a-clock-is-far-too-slow
  (let [{:keys [valid? count allowed]} (check :order (history [(a 0 0 10 2) (a 1 11 20 1)] [slow-clock]))]
    (is valid?)
    (is (= 0 count))
    (is (= [1 :clock-rate] [(:count allowed) (:allowed (first (:violations allowed)))]))))

(deftest a-clock-within-limits-excuses-nothing
  (is (not (:valid? (check :order (history [(a 0 0 10 2) (a 1 11 20 1)] [(assoc-in slow-clock [:value :rate] 0.9)]))))))

(deftest long-after-a-slow-clock-order-holds-again
  (is (not (:valid? (check :order (history [(a 0 9000 9010 2) (a 1 9011 9020 1)] [slow-clock]))))))

(deftest strict-namespaces-never-break-order
  (is (not (:valid? (check :order (history [(a 0 0 10 2 :key "s:1") (a 1 11 20 1 :key "s:1")] [slow-clock]))))))

;; Sessions.

(deftest one-process-never-sees-a-number-go-back
  (let [calls [(a 0 0 10 2) (a 0 11 20 1)]]
    (is (not (:valid? (check :sessions (history calls)))))
    (is (not (:valid? (check :sessions (history calls [slow-clock])))))
    (is (:valid? (check :sessions (history (assoc-in calls [1 :p] 1)))))))

(deftest currents-are-part-of-a-session
  (let [current {:p 0 :f :current :key "a:1" :from 11 :to 12 :number 5}]
    (is (:valid? (check :sessions (history [(a 0 0 10 5) current]))))
    (is (not (:valid? (check :sessions (history [(a 0 0 10 6) current])))))
    (is (not (:valid? (check :sessions (history [current (a 0 20 30 5)])))))
    (is (not (:valid? (check :sessions (history [current (assoc current :from 20 :to 21 :number 4)])))))))

(deftest one-process-never-sees-an-epoch-go-back
  (is (not (:valid? (check :sessions (history [(a 0 0 10 1 :epoch 4) (a 0 11 20 2 :epoch 3)])))))
  (is (:valid? (check :sessions (history [(a 0 0 10 1 :epoch 4) (a 0 11 20 2 :epoch nil) (a 1 21 30 3 :epoch 3)])))))

(deftest redis-connections-to-two-routers-are-two-sessions
  (let [calls [(a 0 0 10 2 :via "10.0.0.1:6380") (a 0 11 20 1 :via "10.0.0.2:6380")]]
    (is (:valid? (check :sessions (history calls))))
    (is (not (:valid? (check :sessions (history (assoc-in calls [1 :via] "10.0.0.1:6380"))))))))

(deftest who-was-told-an-epoch-gets-more-whatever-clocks-do
  (let [told  {:number 7 :epoch 3 :process 5 :observe true}
        calls [(a 0 11 20 7 :told told :observed true)]]
    (is (not (:valid? (check :sessions (history calls [slow-clock])))))
    (is (:valid? (check :sessions (history (assoc-in calls [0 :first] 8)))))
    (is (:valid? (check :sessions (history (update calls 0 dissoc :observed)))))))
