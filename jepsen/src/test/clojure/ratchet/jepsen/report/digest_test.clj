(ns ratchet.jepsen.report.digest-test
  (:require [clojure.test :refer [deftest is testing]]
            [ratchet.jepsen.report.digest :as digest]))

(defn- invoke [process at & [value]]
  {:type :invoke :process process :f :next :value (or value {:key "n:1"}) :time at})

(defn- complete [type process at & [more]]
  (merge {:type type :process process :f :next :value {:key "n:1" :first at :count 1 :epoch 1} :time at} more))

(defn- indexed [ops] (vec (map-indexed #(assoc %2 :index %1) ops)))

(deftest calls-are-paired-by-process
  (let [{:keys [calls open last-time]}
        (digest/digest (indexed [(invoke 0 10) (invoke 1 20) (complete :ok 1 25) (complete :fail 0 40 {:error [:lease-lost "x"]})
                                 (invoke 2 50) (complete :info 2 90 {:error [:timeout "y"]}) (invoke 3 95)])
                       {})]
    (is (= [20 10 50] (vec (:began calls))))
    (is (= [25 40 90] (vec (:ended calls))))
    (is (= {:ok 1 :fail 1 :info 1} (digest/counts calls)))
    (testing "a call that never ended is open"
      (is (= 1 open)))
    (is (= 95 last-time))))

(deftest more-calls-than-there-was-room-for
  (let [n 5000
        {:keys [calls]} (digest/digest (mapcat #(vector (invoke 0 (* 10 %)) (complete :ok 0 (+ 3 (* 10 %)))) (range n)) {})]
    (is (= n (:n calls)))
    (is (= [(* 10 (dec n)) (+ 3 (* 10 (dec n)))] [(last (:began calls)) (last (:ended calls))]))))

(deftest errors-are-counted-by-code-and-outcome
  (let [{:keys [errors]}
        (digest/digest (mapcat #(vector (invoke % 1) (complete (if (even? %) :fail :info) % 2 {:error [(if (< % 4) :timeout :lease-lost) (str "text " %)]}))
                               (range 5))
                       {})]
    (is (= [{:code :timeout :fail 2 :info 2 :example "text 0"} {:code :lease-lost :fail 1 :info 0 :example "text 4"}] errors))))

(deftest the-nemesis-is-no-caller
  (let [op {:type :info :process :nemesis :f :kill :value {:fault 0} :time 5}]
    (is (= [[op] 0] ((juxt :nemesis (comp :n :calls)) (digest/digest [op] {}))))))

(deftest percentiles-by-nearest-rank
  (let [hundred (long-array (range 1 101))]
    (is (= [50 99 100 1] (map #(digest/percentile hundred %) [0.5 0.99 1 0]))))
  (is (= 7 (digest/percentile (long-array [7]) 0.99)))
  (is (nil? (digest/percentile (long-array 0) 0.5))))

(deftest buckets-count-by-end-and-measure-by-beginning
  (let [{:keys [calls]} (digest/digest [(invoke 0 5) (invoke 1 8) (complete :ok 0 9) (invoke 0 12) (complete :fail 0 13 {:error [:x ""]})
                                        (complete :ok 1 25) (invoke 2 26) (complete :info 2 39 {:error [:t ""]})] {})]
    (is (= [{:from 0 :ok 1 :fail 0 :info 0 :p50 4 :p99 17 :max 17}
            {:from 10 :ok 0 :fail 1 :info 0 :p50 nil :p99 nil :max nil}
            {:from 20 :ok 1 :fail 0 :info 0 :p50 nil :p99 nil :max nil}
            {:from 30 :ok 0 :fail 0 :info 1 :p50 nil :p99 nil :max nil}]
           (digest/buckets calls 10 39)))
    (testing "what ends exactly with the run is in its last bucket"
      (is (= 3 (count (digest/buckets calls 13 39)))))))

(deftest buckets-of-an-empty-run
  (is (= [{:from 0 :ok 0 :fail 0 :info 0 :p50 nil :p99 nil :max nil}]
         (digest/buckets (:calls (digest/digest [] {})) 10 0))))

(deftest density-counts-cells
  (let [{:keys [calls]} (digest/digest (mapcat #(vector (invoke 0 %) (complete :ok 0 (+ % 4))) [0 5 12 18]) {})]
    (is (= {[0 0] 2 [1 0] 2} (digest/density calls :ok #(quot % 10) #(quot % 10))))
    (is (= {} (digest/density calls :info #(quot % 10) #(quot % 10))))))

(defn- history-of
  "Calls of one process, one after the other: at 0-3, 10-13, 20-23 ..."
  [n]
  (indexed (mapcat #(vector (invoke 0 (* 10 %)) (complete :ok 0 (+ 3 (* 10 %)))) (range n))))

(deftest the-calls-around-a-violation
  (let [history (history-of 40)
        violation {:why "twice" :ops [(history 41) (history 45)]}
        {:keys [calls left-out keys]} (get (:violations (digest/digest history {:v violation})) :v)]
    (is (= ["n:1"] keys))
    (is (= 0 left-out))
    (testing "some before, all between, some after, in time order"
      (is (= (range 140 290 10) (map (comp :time :invoke) calls))))
    (testing "those of the violation are marked, be it by their invocation or their completion"
      (is (= [200 220] (map (comp :time :invoke) (filter :marked? calls)))))))

(deftest other-keys-are-not-around-it
  (let [history (indexed [(invoke 0 0) (complete :ok 0 3) (invoke 1 4 {:key "n:2"}) (complete :ok 1 5 {:value {:key "n:2" :first 1 :count 1}})
                          (invoke 2 6 {:keys ["n:3" "n:1"]}) (complete :ok 2 9)])
        {:keys [calls]} (get (:violations (digest/digest history {:v {:why "w" :ops [(history 1)]}})) :v)]
    (is (= [0 6] (map (comp :time :invoke) calls)))))

(deftest a-violation-over-a-long-time-leaves-calls-out-but-never-its-own
  (let [history (history-of 500)
        violation {:why "w" :ops [(history 101) (history 801)]}
        {:keys [calls left-out]} (get (:violations (digest/digest history {:v violation})) :v)]
    (is (= 2 (count (filter :marked? calls))))
    (is (< (count calls) 50))
    (is (= 500 (+ left-out (count calls) (- 50 6) (- 500 401 6))))))

(deftest operations-without-an-index-are-told-by-time-and-process
  (let [history (mapv #(dissoc % :index) (history-of 10))
        {:keys [calls]} (get (:violations (digest/digest history {:v {:why "w" :ops [(history 5)]}})) :v)]
    (is (= [20] (map (comp :time :invoke) (filter :marked? calls))))))

(deftest a-violation-without-operations-has-no-calls
  (is (= [] (:calls (get (:violations (digest/digest (history-of 3) {:v {:why "store-1 is not ready" :ops []}})) :v)))))

(deftest a-call-that-never-ended-is-around-too
  (let [history (indexed [(invoke 0 0) (complete :ok 0 3) (invoke 1 2)])
        {:keys [calls]} (get (:violations (digest/digest history {:v {:why "w" :ops [(history 1)]}})) :v)]
    (is (= [0 2] (map (comp :time :invoke) calls)))
    (is (nil? (:complete (second calls))))))
