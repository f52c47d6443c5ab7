(ns ratchet.jepsen.relay-test
  (:require [clojure.test :refer [deftest is]]
            [ratchet.jepsen.generator :as generator]
            [ratchet.jepsen.relay :as relay]))

(def ^:private second-in-nanos 1000000000)
(def ^:private random (generator/random 1))

(deftest a-baton-goes-on-with-the-number-that-was-got
  (let [relay (relay/relay {:keys ["a:1"] :rest 1000 :observe? true})
        baton (relay/take-baton! relay 0 second-in-nanos)]
    (is (= {:f :next :value {:key "a:1"}} (relay/op relay baton)))
    (relay/pass-on! relay baton 0 {:type :ok :process 20 :value {:first 7 :epoch 2}} random)
    (is (= {:f :next :value {:key "a:1" :told {:number 7 :epoch 2 :process 20 :observe true}}}
           (relay/op relay (relay/take-baton! relay 1 second-in-nanos))))))

(deftest a-worker-does-not-get-back-what-it-passed-on
  (let [relay (relay/relay {:keys ["a:1"] :rest 1000})]
    (relay/pass-on! relay (relay/take-baton! relay 0 second-in-nanos) 0 {:type :ok :value {:first 1}} random)
    (is (nil? (relay/take-baton! relay 0 second-in-nanos)))))

(deftest a-call-that-failed-passes-on-the-number-before
  (let [relay (relay/relay {:keys ["a:1"] :rest 1000})]
    (relay/pass-on! relay (relay/take-baton! relay 0 second-in-nanos) 0 {:type :ok :process 0 :value {:first 7 :epoch 1}} random)
    (relay/pass-on! relay (relay/take-baton! relay 1 second-in-nanos) 1 {:type :info :process 1 :value {}} random)
    (is (= 7 (:number (:told (:value (relay/op relay (relay/take-baton! relay 2 second-in-nanos)))))))))
