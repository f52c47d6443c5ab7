(ns ratchet.jepsen.checker.unique-test
  (:require [clojure.test :refer [deftest is]]
            [ratchet.jepsen.scripted :refer [check history]]))

(defn- next-call [p first & {:as more}]
  (merge {:p p :f :next :key "a:1" :from (* 10 p) :to (+ 5 (* 10 p)) :first first} more))

(deftest different-numbers-are-unique
  (let [result (check :unique (history [(next-call 0 1) (next-call 1 2) (next-call 2 3 :key "a:2")
                                        (next-call 3 3)]))]
    (is (:valid? result))
    (is (= [4 2] ((juxt :numbers :keys) result)))))

(deftest a-number-given-twice-is-found-whenever
  (let [{:keys [valid? count violations]} (check :unique (history [(next-call 0 7) (next-call 1 8) (next-call 2 7)]))]
    (is (false? valid?))
    (is (= 1 count))
    (is (= [0 0 2 2] (map :process (:ops (first violations)))))))

(deftest a-number-of-a-batch-given-twice-is-found
  (is (not (:valid? (check :unique (history [(next-call 0 7)
                                             {:p 1 :f :next-all :keys ["a:2" "a:1"] :firsts [7 7] :from 20 :to 21}]))))))

(deftest unknown-calls-have-no-number-to-compare
  (is (:valid? (check :unique (history [(next-call 0 1 :type :info) (next-call 1 1)])))))

(deftest a-number-inside-a-range-is-found
  (let [calls [{:p 0 :f :range :key "a:1" :count 10 :first 1 :from 0 :to 1} (next-call 1 10)]]
    (is (not (:valid? (check :ranges (history calls)))))
    (is (:valid? (check :ranges (history (assoc-in calls [1 :first] 11)))))))

(deftest ranges-that-overlap-a-longer-one-before-the-last-are-found
  (is (not (:valid? (check :ranges (history [{:p 0 :f :range :key "a:1" :count 100 :first 1 :from 0 :to 1}
                                             {:p 1 :f :range :key "a:1" :count 2 :first 101 :from 2 :to 3}
                                             {:p 2 :f :range :key "a:1" :count 5 :first 99 :from 4 :to 5}]))))))

(deftest a-range-of-another-size-than-asked-is-found
  (let [calls (history [{:p 0 :f :range :key "a:1" :count 10 :first 1 :from 0 :to 1}])]
    (is (:valid? (check :ranges calls)))
    (is (not (:valid? (check :ranges (assoc-in calls [1 :value :count] 9)))))))

(deftest numbers-begin-at-one
  (is (not (:valid? (check :ranges (history [(next-call 0 0)]))))))
