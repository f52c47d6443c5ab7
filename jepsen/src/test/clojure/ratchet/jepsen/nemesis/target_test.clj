(ns ratchet.jepsen.nemesis.target-test
  (:require [clojure.test :refer [are deftest is]]
            [ratchet.jepsen.nemesis.target :as target]))

(def ^:private five ["n1" "n2" "n3" "n4" "n5"])

(def ^:private known {:leader (constantly "n4"), :owner (constantly "n2")})
(def ^:private unknown {:leader (constantly nil), :owner (constantly nil)})

(deftest targets-have-their-sizes
  (are [on n] (= n (count (set (target/nodes {:on on :pick 9} five known))))
    :one 1, :minority 2, :majority 3, :all 5)
  (are [on n] (= n (count (target/nodes {:on on :pick 9} (take 3 five) known)))
    :minority 1, :majority 2)
  (is (= 1 (count (target/nodes {:on :minority :pick 9} (take 2 five) known)))))

(deftest a-pick-chooses-the-same-again
  (is (= (target/nodes {:on :minority :pick 5} five known) (target/nodes {:on :minority :pick 5} five known)))
  (is (= (set five) (set (mapcat #(target/nodes {:on :one :pick %} five known) (range 100))))))

(deftest who-leads-or-owns-is-found-out
  (is (= ["n4"] (target/nodes {:on :leader :pick 1} five known)))
  (is (= ["n2"] (target/nodes {:on :owner :pick 1} five known))))

(deftest where-nobody-leads-one-is-picked
  (is (= 1 (count (target/nodes {:on :leader :pick 1} five unknown))))
  (is (= (target/nodes {:on :one :pick 1} five unknown) (target/nodes {:on :owner :pick 1} five unknown))))
