(ns ratchet.jepsen.nemesis-test
  (:require [clojure.test :refer [deftest is]]
            [ratchet.jepsen.effects :as effects]
            [ratchet.jepsen.faults :as faults]
            [ratchet.jepsen.nemesis :as nemesis]
            [ratchet.jepsen.nemesis.action :as action]))

(def ^:private all
  (mapcat #(faults/schedule {:seed % :time-ms 600000 :faults (keys faults/kinds)}) (range 10)))

(deftest each-fault-of-a-schedule-begins-and-ends
  (let [schedule (faults/schedule {:seed 4 :time-ms 120000 :faults (keys faults/kinds)})
        plan     (nemesis/plan schedule)]
    (is (apply <= (map :at plan)))
    (doseq [[fault [begin end :as ops]] (group-by #(get-in % [:op :value :fault]) plan)
            :let [entry (first (filter #(= fault (:id %)) schedule))]]
      (is (= 2 (count ops)))
      (is (= (nemesis/heal-of (:f (:op begin))) (:f (:op end))))
      (is (= [(:at entry) (+ (:at entry) (:for entry))] (map :at ops))))))

(deftest checkers-know-what-each-fault-may-do
  (doseq [f (distinct (map nemesis/op-f all))]
    (is (contains? effects/table f) (str f))))

(deftest every-kind-is-carried-out-and-ended
  (is (= (set (keys faults/kinds))
         ;; But those that tests make up.
         (set (remove namespace (keys (methods action/begin!))))
         (set (remove namespace (keys (methods action/heal!)))))))
