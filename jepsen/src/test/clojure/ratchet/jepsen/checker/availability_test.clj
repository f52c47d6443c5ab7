(ns ratchet.jepsen.checker.availability-test
  (:require [clojure.test :refer [deftest is]]
            [ratchet.jepsen.scripted :refer [check history]]))

(defn- a [p from to & {:as more}]
  (merge {:p p :f :next :key "a:1" :from from :to to :first 1} more))

(def ^:private nodes ["store-1" "store-2" "store-3" "alloc-1" "alloc-2"])

(defn- result [calls & faults]
  (check :availability (history calls faults) {:nodes nodes :cold-ms 0}))

(defn- fault [id f from to & names]
  {:id id :f f :from from :to to :value {:nodes (vec names)}})

(defn- silence [result]
  ((juxt :key :ms :faults) (first (:longest result))))

(deftest a-silence-goes-from-the-first-call-to-the-next-answer
  (is (= ["a:1" 400.0 []]
         (silence (result [(a 0 0 1) (a 1 100 500) (a 2 150 600)])))))

(deftest a-call-under-way-at-an-answer-waits-from-there
  (is (= ["a:1" 500.0 []] (silence (result [(a 0 0 900) (a 1 300 400)])))))

(deftest idle-keys-are-not-silent
  (is (= [] (:longest (result [(a 0 0 1) (a 0 60000 60001)])))))

(deftest failed-calls-make-one-silence-as-long-as-somebody-tries
  (is (= ["a:1" 2000.0 []]
         (silence (result [(a 0 0 500 :type :fail) (a 1 800 1200 :type :info) (a 2 1900 2000)]))))
  (is (= ["a:1" 500.0 []]
         (silence (result [(a 0 0 500 :type :fail) (a 1 9000 9001)])))))

(deftest a-silence-that-never-ends-counts-to-the-end
  (is (= ["a:1" 5000.0 []]
         (silence (result [(a 0 0 nil) (a 1 4999 5000 :key "a:2")])))))

(deftest without-a-fault-only-slack-is-excused
  (is (:valid? (result [(a 0 0 900)])))
  (is (not (:valid? (result [(a 0 0 1100)])))))

(deftest a-cluster-that-has-just-started-may-be-slow
  (let [result #(check :availability (history [%] []) {})]
    (is (:valid? (result (a 0 100 3900))))
    (is (not (:valid? (result (a 0 100 4100)))))
    (is (not (:valid? (result (a 0 4000 5100)))))))

(deftest a-crash-excuses-a-failover
  (let [kill (fault 3 :kill 1000 20000 "alloc-1")]
    (is (:valid? (result [(a 0 1000 4500)] kill)))
    (is (= [3] (last (silence (result [(a 0 1000 4500)] kill)))))
    (is (not (:valid? (result [(a 0 1000 5100)] kill))))
    (is (not (:valid? (result [(a 0 10000 13500)] kill))))))

(deftest after-a-heal-there-is-time-again
  (is (:valid? (result [(a 0 20000 23500)] (fault 3 :kill 1000 20000 "alloc-1")))))

(deftest an-end-that-takes-long-may-do-harm-from-its-start
  (let [rate #(assoc (fault 3 :clock-rate 1000 20000 "alloc-1") :took %)]
    (is (:valid? (result [(a 0 17000 22500)] (rate 3000))))
    (is (not (:valid? (result [(a 0 17000 22500)] (rate 1000)))))
    (is (not (:valid? (result [(a 0 10000 16500)] (rate 3000)))))))

(deftest a-minority-of-the-store-excuses-a-failover-only
  (is (not (:valid? (result [(a 0 1000 9000)] (fault 0 :kill 1000 20000 "store-1"))))))

(deftest a-majority-excuses-all-until-it-can-be-back
  (let [kill (fault 0 :kill 1000 20000 "store-1" "store-2")]
    (is (:valid? (result [(a 0 1000 33500)] kill)))
    (is (not (:valid? (result [(a 0 1000 34500)] kill))))))

(deftest two-faults-may-hit-a-majority-together
  (let [faults [(fault 0 :kill 1000 20000 "store-1") (fault 1 :pause 5000 20000 "store-2")]]
    (is (:valid? (apply result [(a 0 5000 20500)] faults)))
    (is (not (:valid? (result [(a 0 5000 20500)] (first faults)))))))

(deftest a-time-of-day-excuses-nothing
  (is (not (:valid? (result [(a 0 1000 2500)] (fault 0 :clock-jump 1000 20000 "alloc-1"))))))

(deftest batches-do-not-count
  (is (= [] (:longest (result [{:p 0 :f :next-all :keys ["a:1" "a:2"] :type :info :from 0 :to 3000}])))))

(deftest what-another-fault-excuses-is-held-against-none
  (let [jump (fault 0 :clock-jump 1000 5000 "alloc-1")
        kill (fault 1 :kill 1000 5000 "alloc-1")
        left #(get-in % [:failover :faults 0 :left])]
    (is (= 0.0 (left (result [(a 0 1000 3500)] jump kill))))
    (is (= 2500.0 (left (result [(a 0 1000 3500)] jump))))))

(deftest failover-is-the-longest-silence-of-each-fault
  (let [{:keys [failover]} (result [(a 0 1000 1400) (a 1 1000 1900 :key "a:2") (a 2 30000 30200)]
                                   (fault 0 :kill 900 5000 "alloc-1")
                                   (fault 1 :pause 29000 31000 "alloc-1")
                                   (fault 2 :pause 60000 61000 "alloc-1"))]
    (is (= {:n 1 :p50 900.0 :p99 900.0 :max 900.0} (get-in failover [:by-fault :kill])))
    (is (= {:n 2 :p50 0.0 :p99 200.0 :max 200.0} (get-in failover [:by-fault :pause])))
    (is (= [3 200.0 900.0] ((juxt :n :p50 :max) failover)))
    (is (= {0 {:ms 900.0 :left 0.0 :key "a:2" :keys 2} 1 {:ms 200.0 :left 0.0 :key "a:1" :keys 1}} (:faults failover)))))
