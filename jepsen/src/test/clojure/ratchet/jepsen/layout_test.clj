(ns ratchet.jepsen.layout-test
  (:require [clojure.string :as str]
            [clojure.test :refer [deftest is]]
            [ratchet.jepsen.layout :as layout]))

(defn- made [loopback?]
  (let [port (atom 4000)]
    (layout/layout {:name "rtj0" :zones-count 5 :dir "/runs/1" :loopback? loopback?
                    :free-port #(swap! port inc) :token "0123456789abcdef"})))

(deftest each-zone-has-a-store-node-and-an-allocation-node
  (let [layout (made false)]
    (is (= 5 (count (:zones layout)) (count (layout/of-role layout :store)) (count (layout/of-role layout :alloc))))
    (is (= 2 (count (layout/of-role layout :router))))
    (is (= (set (map :zone (:zones layout))) (set (map :zone (layout/of-role layout :store)))))))

(deftest no-two-doors-have-one-address
  (doseq [loopback? [false true]
          :let [doors (for [node (:nodes (made loopback?)), door (keys (:ports node))] (layout/address node door))]]
    (is (apply distinct? doors))))

(deftest on-loopback-there-are-no-namespaces
  (let [layout (made true)]
    (is (every? #(and (nil? (:ns %)) (= "127.0.0.1" (:ip %))) (concat (:zones layout) (:nodes layout))))))

(deftest settings-name-the-others
  (let [layout (made false)
        text   (fn [name join?] (str/join "\n" (layout/settings layout (layout/node-named layout name) join?)))]
    (is (= 5 (count (re-seq #"\{node: store-\d" (text "store-2" false)))))
    (is (str/includes? (text "store-2" false) "data: \"/runs/1/nodes/store-2/data\""))
    (is (not (str/includes? (text "store-2" false) "join")))
    (is (str/includes? (text "store-2" true) "join: true"))
    (is (str/includes? (text "alloc-1" false) "stores: [\"10.77.0.11:7001\", \"10.77.0.12:7001\""))
    (is (str/includes? (text "router-1" false) "resp: \"10.77.0.11:6380\""))))
