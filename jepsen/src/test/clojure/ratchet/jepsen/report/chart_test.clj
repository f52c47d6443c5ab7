(ns ratchet.jepsen.report.chart-test
  (:require [clojure.string :as str]
            [clojure.test :refer [deftest is testing]]
            [ratchet.jepsen.report.chart :as chart]
            [ratchet.jepsen.report.html :as html]))

(deftest lines-break-where-there-is-nothing
  (is (= "M0 1L2 3.5M9 9h0" (chart/line-path [[0 1] [2 3.5] nil nil [9 9]])))
  (is (= "" (chart/line-path [nil]))))

(deftest bars
  (is (= "M0 1h2v3h-2z" (chart/bars-path [[0 1 2 3]]))))

(def ^:private band
  {:fault 3 :f :kill :family :kill :on :leader :nodes #{"store-2"} :where ["store-2"] :from 2000000000 :to 4000000000 :healed? true})

(defn- bucket [from m]
  (merge {:from from :ok 0 :fail 0 :info 0 :p50 nil :p99 nil :max nil} m))

(def ^:private data
  {:run-ns 8000000000 :width-ns 4000000000 :bands [band] :nodes [{:name "store-2" :zone "z"} {:name "store-3" :zone "z"}]
   :calls {:n 1 :began (long-array [100]) :ended (long-array [2000100]) :outcome (byte-array [0])}
   :buckets [(bucket 0 {:ok 8 :p50 1000000 :p99 2000000 :max 2000000}) (bucket 4000000000 {:fail 4})]})

(deftest faults-are-bars-on-the-time-axis
  (let [page (html/render (chart/faults data))]
    (is (str/includes? page "left:25%;width:25%"))
    (is (str/includes? page "title=\"kill #3 of store-2 (leader), 0:02.0 to 0:04.0\""))))

(deftest charts-are-shaded-where-a-fault-was
  (doseq [chart [chart/latency chart/answered chart/unanswered]]
    (is (re-find #"<path class=\"shade f-kill\" d=\"M250 0h250v\d+h-250z\">" (html/render (chart data))))))

(deftest a-fault-never-healed-says-so
  (is (str/includes? (html/render (chart/faults (assoc-in data [:bands 0 :healed?] false))) "to the end: never healed")))

(deftest rates-are-per-second
  (let [page (html/render (chart/answered data))]
    (testing "8 calls in 4 seconds fill a scale to 2"
      (is (str/includes? page "<span style=\"top:0%\">2</span>"))
      (is (str/includes? page "<path class=\"bar ok\" d=\"M0 0h499.6v110h-499.6z\">")))))

(deftest a-node-has-the-bands-that-hit-it
  (let [[hit spared] (map second (re-seq #"<div class=\"who\" title=\"(store-\d)\">" (html/render (chart/nodes data))))
        lanes (str/split (html/render (chart/nodes data)) #"<div class=\"body lane\">")]
    (is (= ["store-2" "store-3"] [hit spared]))
    (is (= [true false] (map #(str/includes? % "f-kill") (drop 1 lanes))))))

(deftest a-run-without-calls-has-charts-too
  (let [empty-run (assoc data :bands [] :buckets [(bucket 0 {})]
                         :calls {:n 0 :began (long-array 0) :ended (long-array 0) :outcome (byte-array 0)})]
    (is (str/includes? (html/render (chart/latency empty-run)) "<svg"))
    (is (str/includes? (html/render (chart/faults empty-run)) "No faults in this run."))))
