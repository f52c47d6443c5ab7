(ns ratchet.jepsen.net-test
  (:require [clojure.string :as str]
            [clojure.test :refer [deftest is]]
            [ratchet.jepsen.layout :as layout]
            [ratchet.jepsen.net :as net]))

(def ^:private three {:name "rtj3" :zones (layout/zones "rtj3" 3)})

(defn- appended [text]
  (filter #(str/starts-with? % "-A") (str/split-lines text)))

(deftest a-zone-without-trouble-lets-all-through
  (is (empty? (appended (net/rules three "zone-1" {}))))
  (is (str/ends-with? (net/rules three "zone-1" {}) "COMMIT\n")))

(deftest a-cut-drops-what-comes-in-at-its-end
  (let [troubles {0 {:drops (net/cut-both "zone-1" "zone-2")}}]
    (is (= ["-A INPUT -s 10.77.3.12 -j DROP"] (appended (net/rules three "zone-1" troubles))))
    (is (= ["-A INPUT -s 10.77.3.11 -j DROP"] (appended (net/rules three "zone-2" troubles))))
    (is (empty? (appended (net/rules three "zone-3" troubles))))))

(deftest callers-are-cut-in-the-zone-and-never-in-the-machines-own-network
  (is (= ["-A INPUT -s 10.77.3.1 -j DROP" "-A OUTPUT -d 10.77.3.1 -j DROP"]
         (appended (net/rules three "zone-1" {0 {:drops (net/cut-both "zone-1" :callers)}})))))

(deftest a-service-is-cut-by-its-port
  (is (= ["-A INPUT -p tcp --sport 7001 -j DROP" "-A OUTPUT -p tcp --dport 7001 -j DROP"]
         (appended (net/rules three "zone-2" {0 {:drops (net/cut-service "zone-2" :out 7001)}})))))

(deftest troubles-add-up-and-the-same-one-counts-once
  (let [troubles {0 {:drops (net/cut-both "zone-1" "zone-2")}
                  1 {:drops (net/cut-groups ["zone-1"] ["zone-2" "zone-3"])}
                  2 {:loss {"zone-1" 0.25}}}]
    (is (= ["-A INPUT -s 10.77.3.12 -j DROP"
            "-A INPUT -s 10.77.3.13 -j DROP"
            "-A INPUT ! -i lo -m statistic --mode random --probability 0.2500 -j DROP"]
           (appended (net/rules three "zone-1" troubles))))))

(deftest the-longest-delay-holds
  (is (= 300 (net/delay-millis "zone-1" {0 {:delay {"zone-1" 20}} 1 {:delay {"zone-1" 300 "zone-2" 5}}})))
  (is (= 0 (net/delay-millis "zone-3" {0 {:delay {"zone-1" 20}}}))))

(deftest names-have-networks-of-their-own
  (is (= "10.77.0" (layout/subnet "rtj0")))
  (is (= "10.77.12" (layout/subnet "rtj12")))
  (is (re-matches #"10\.77\.\d{1,3}" (layout/subnet "other"))))
