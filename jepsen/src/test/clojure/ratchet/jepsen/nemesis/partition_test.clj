(ns ratchet.jepsen.nemesis.partition-test
  (:require [clojure.test :refer [are deftest is]]
            [ratchet.jepsen.nemesis.partition :as partition]))

(def ^:private five ["a" "b" "c" "d" "e"])

(defn- hears
  "Who hears whom under these drops, of whole zones: `#{[from to]}`."
  [zones drops]
  (let [cut (set (for [{:keys [at chain peer port]} drops :when (and (= :in chain) (nil? port))] [peer at]))]
    (set (for [from zones, to zones :when (not (cut [from to]))] [from to]))))

(defn- both-ways [zones drops]
  (let [heard (hears zones drops)]
    (into {} (for [a zones]
               [a (set (filter #(and (heard [a %]) (heard [% a])) zones))]))))

(deftest one-zone-is-alone
  (is (= {"a" #{"a"}, "b" #{"b" "c"}, "c" #{"b" "c"}} (both-ways ["a" "b" "c"] (partition/shape :one ["a" "b" "c"])))))

(deftest halves-split-into-a-minority-and-a-majority
  (is (= {"a" #{"a" "b"}, "b" #{"a" "b"}, "c" #{"c" "d" "e"}, "d" #{"c" "d" "e"}, "e" #{"c" "d" "e"}}
         (both-ways five (partition/shape :halves five)))))

(deftest in-a-ring-each-hears-a-majority-and-no-two-the-same
  (are [zones] (let [sees (vals (both-ways zones (partition/shape :ring zones)))]
                 (and (every? #(< (/ (count zones) 2) (count %)) sees)
                      (apply distinct? sees)
                      (not-any? #(= (set zones) %) sees)))
    five
    ["a" "b" "c" "d" "e" "f" "g"])
  (is (= {"a" #{"a" "c"}, "b" #{"b" "c"}, "c" #{"a" "b" "c"}}
         (both-ways ["a" "b" "c"] (partition/shape :ring ["a" "b" "c"])))))

(deftest over-a-bridge-both-halves-hear-one-zone
  (is (= {"a" #{"a" "b" "c" "d" "e"}, "b" #{"a" "b" "c"}, "c" #{"a" "b" "c"}, "d" #{"a" "d" "e"}, "e" #{"a" "d" "e"}}
         (both-ways five (partition/shape :bridge five)))))

(deftest one-way-one-hears-all-and-is-not-heard
  (let [heard (hears five (partition/shape :one-way five))]
    (doseq [other (rest five)]
      (is (heard [other "a"]))
      (is (not (heard ["a" other]))))))

(deftest an-owner-is-cut-from-the-store-and-from-nothing-else
  (is (= [{:at "a" :chain :out :peer :any :port 7001 :side :to}
          {:at "a" :chain :in :peer :any :port 7001 :side :from}]
         (partition/shape :owner-from-store five))))

(deftest callers-are-cut-from-an-owner-and-from-nothing-else
  (is (= [{:at "a" :chain :in :peer :any :port 7201 :side :to}
          {:at "a" :chain :out :peer :any :port 7201 :side :from}]
         (partition/shape :callers-from-owner five))))

(deftest the-zone-that-is-meant-comes-first-and-the-pick-orders-the-others
  (is (= "d" (first (partition/zones-first 3 five "d"))))
  (is (= (set five) (set (partition/zones-first 3 five "d"))))
  (is (= (partition/zones-first 3 five nil) (partition/zones-first 3 five nil)))
  (is (< 1 (count (set (map #(partition/zones-first % five nil) (range 20)))))))
