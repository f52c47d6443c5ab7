(ns ratchet.jepsen.checker.gaps-test
  (:require [clojure.test :refer [deftest is]]
            [ratchet.jepsen.scripted :refer [check history]]))

(defn- a [p from to first & {:as more}]
  (merge {:p p :f :next :key "a:1" :from from :to to :first first} more))

(def ^:private kill {:id 0 :f :kill :from 12 :to 14 :value {:nodes ["alloc-1"]}})
(def ^:private drain {:id 1 :f :drain :from 12 :to 14 :value {:nodes ["alloc-1"]}})

(defn- holds? [calls & faults]
  (:valid? (check :gaps (history calls faults))))

(deftest numbers-that-follow-each-other-are-fine
  (let [result (check :gaps (history [(a 0 0 1 1) (a 1 2 3 2 :f :range :count 5) (a 0 4 5 7)]))]
    (is (:valid? result))
    (is (= [0 0] ((juxt :gaps :skipped) result)))))

(deftest a-gap-that-nothing-explains-is-found
  (is (not (holds? [(a 0 0 1 1) (a 0 2 3 3)])))
  (is (not (holds? [(a 0 0 1 2)]))))

(deftest graceful-faults-explain-nothing
  (is (not (holds? [(a 0 0 1 1) (a 0 20 30 3 :epoch 2)] drain))))

(deftest calls-that-failed-explain-nothing
  (is (not (holds? [(a 0 0 1 1) (a 0 2 3 nil :type :fail) (a 0 4 5 3)]))))

(deftest an-unknown-call-explains-what-it-may-have-taken
  (is (holds? [(a 0 0 1 1) (a 1 2 3 nil :type :info) (a 0 4 5 3)]))
  (is (holds? [(a 0 0 1 1) (a 1 2 3 nil :f :range :count 10 :type :info) (a 0 4 5 12)]))
  (is (not (holds? [(a 0 0 1 1) (a 1 2 3 nil :type :info) (a 0 4 5 1000)])))
  (is (not (holds? [(a 0 0 1 1) (a 0 2 3 3) (a 1 4 5 nil :type :info)]))))

(deftest unknown-calls-explain-no-more-than-all-of-them-may-have-taken
  (let [calls (fn [n] (cons (a 99 0 1 nil :type :info)
                            (for [i (range n)] (a 0 (+ 2 (* 2 i)) (+ 3 (* 2 i)) (* 2 (inc i))))))]
    (is (holds? (calls 60)))
    (is (not (holds? (calls 70))))))

(deftest a-crash-skips-a-window
  (is (holds? [(a 0 0 1 1) (a 0 20 30 17 :epoch 2)] kill)))

(deftest a-crash-in-another-time-explains-nothing
  (is (not (holds? [(a 0 0 1 1) (a 0 9000 9001 2) (a 0 9002 9003 4 :epoch 2)] kill)))
  (is (not (holds? [(a 0 0 1 1) (a 0 2 3 3) (a 0 20 30 4 :epoch 2)] kill))))

(deftest a-crash-skips-no-more-than-a-window
  (is (not (holds? [(a 0 0 1 1) (a 0 20 30 100 :epoch 2)] kill)))
  (is (not (holds? [(a 0 0 1 1) (a 0 20 30 100 :epoch 1)] kill))))

(deftest each-grant-skips-a-window
  (is (holds? [(a 0 0 1 1) (a 0 20 30 100 :epoch 8)] kill)))

(deftest the-base-is-above-the-busiest-key-of-the-section
  (let [busy (for [i (range 100)] (a 0 i (inc i) (inc i) :key "a:2"))
        late {:id 0 :f :kill :from 200 :to 210 :value {:nodes ["alloc-1"]}}]
    (is (holds? (concat busy [(a 1 0 1 1) (a 1 300 310 117 :epoch 2)]) late))
    (is (not (holds? (concat busy [(a 1 0 1 1) (a 1 300 310 217 :epoch 2)]) late)))
    (is (not (holds? (concat busy [(a 1 0 1 1 :key "a:101") (a 1 300 310 117 :key "a:101" :epoch 2)]) late)))))

(deftest keys-that-jump-together-do-not-excuse-each-other
  (is (not (holds? [(a 0 0 1 1) (a 1 0 1 1 :key "a:2")
                    (a 0 20 30 100 :epoch 2) (a 1 20 30 100 :key "a:2" :epoch 2)] kill))))

(deftest without-an-epoch-a-crash-explains-any-size
  (is (holds? [(a 0 0 1 1) (a 0 20 30 100 :epoch nil)] kill))
  (is (not (holds? [(a 0 0 1 1) (a 0 20 30 100 :epoch nil)]))))

(deftest strict-calls-that-were-not-confirmed-in-time-skip-theirs
  (is (holds? [(a 0 0 1 1 :key "s:1") (a 0 2 600 3 :key "s:1")]))
  (is (not (holds? [(a 0 0 1 1 :key "s:1") (a 0 2 3 3 :key "s:1")])))
  (is (holds? [(a 0 0 1 1 :key "s:1") (a 0 2 3 nil :key "s:1" :type :fail) (a 0 4 5 3 :key "s:1")])))

(deftest keys-that-were-used-before-begin-anywhere
  (is (:valid? (check :gaps (history [(a 0 0 1 7) (a 0 2 3 8)]) {:fresh? false})))
  (is (not (:valid? (check :gaps (history [(a 0 0 1 7) (a 0 2 3 9)]) {:fresh? false})))))
