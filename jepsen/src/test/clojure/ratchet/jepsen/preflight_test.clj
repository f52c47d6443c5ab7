(ns ratchet.jepsen.preflight-test
  (:require [clojure.string :as str]
            [clojure.test :refer [deftest is]]
            [ratchet.jepsen.preflight :as preflight]))

(deftest a-missing-tool-is-named-with-its-package
  (is (= ["the command 'iptables-restore' is missing; install it: apt-get install iptables"
          "the command 'tc' is missing; install it: apt-get install iproute2"]
         (preflight/missing-tools #{:net :tc} #{"ip"})))
  (is (empty? (preflight/missing-tools #{:net :tc :disk} any?)))
  (is (empty? (preflight/missing-tools #{} (constantly false)))))

(deftest a-name-that-no-link-can-have-is-refused
  (is (some #(str/includes? % "1 to 8 of a-z 0-9") (preflight/problems {:name "Not a name" :loopback? true :needs #{}})))
  (is (empty? (preflight/problems {:name "rtj9" :loopback? true :needs #{}}))))

(deftest loopback-has-no-network-between-zones
  (is (some #(str/includes? % "leave out partition") (preflight/problems {:name "rtj9" :loopback? true :needs #{:net}}))))
