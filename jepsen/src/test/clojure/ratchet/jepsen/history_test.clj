(ns ratchet.jepsen.history-test
  (:require [clojure.test :refer [deftest is]]
            [ratchet.jepsen.history :as history])
  (:import (java.io StringReader StringWriter)))

(defn- written [ops]
  (let [out (StringWriter.)]
    (run! #(history/write-op out %) ops)
    (str out)))

(def ops
  [{:index 0 :type :invoke :process 3 :f :next :value {:key "a:1"} :time 5}
   {:index 1 :type :info :process :nemesis :f :kill :value {:fault 0 :nodes ["store-1"]} :time 6}
   {:index 2 :type :ok :process 3 :f :next :value {:key "a:1" :first 1 :count 1 :epoch nil} :time 9}
   {:index 3 :type :invoke :process 3 :f :range :value {:key "a:1" :count 4} :time 10}
   {:index 4 :type :info :process 3 :f :range :value {:key "a:1" :count 4} :time 12 :error [:timeout "no \"answer\""]}])

(deftest an-op-is-a-line-that-reads-back
  (let [text (written ops)]
    (is (= 5 (count (re-seq #"\n" text))))
    (is (= "{:index 0, :type :invoke, :process 3, :f :next, :value {:key \"a:1\"}, :time 5}"
           (first (re-seq #"[^\n]+" text))))
    (is (= ops (history/read-ops (StringReader. text))))))

(deftest a-last-line-that-was-cut-off-is-left-out
  (let [text (written ops)]
    (is (= (pop ops) (history/read-ops (StringReader. (subs text 0 (- (count text) 10))))))))

(deftest a-broken-line-in-between-is-named
  (let [failure (try (history/read-ops (StringReader. "{:index 0}\n{:index\n{:index 2}\n")) (catch Exception e e))]
    (is (= 2 (:line (ex-data failure))))))

(deftest calls-pair-invocations-with-what-came-of-them
  (let [[one two :as calls] (history/calls ops)]
    (is (= 2 (count calls)))
    (is (= [:ok 0 2 5 9] ((juxt :type :i0 :i1 :t0 :t1) one)))
    (is (= [:info 3 history/never 10 history/never] ((juxt :type :i0 :i1 :t0 :t1) two)))))

(deftest a-call-without-completion-is-unknown
  (is (= [[:info nil]] (map (juxt :type :complete) (history/calls (take 1 ops))))))

(deftest a-process-has-one-call-at-a-time
  (is (thrown-with-msg? Exception #"two calls" (history/calls [(first ops) (first ops)])))
  (is (thrown-with-msg? Exception #"did not invoke" (history/calls [(nth ops 2)]))))

(deftest takes-are-all-numbers-of-a-call-by-key
  (let [call (first (history/calls
                      [{:index 0 :type :invoke :process 0 :f :next-all :value {:keys ["a:1" "a:2"]} :time 0}
                       {:index 1 :type :ok :process 0 :f :next-all :time 1
                        :value {:keys ["a:1" "a:2"] :firsts [7 9] :epochs [1 2]}}]))]
    (is (= [["a:1" 7 7 1] ["a:2" 9 9 2]] (map (juxt :key :first :last :epoch) (history/takes call))))))

(defn- nemesis [f time value]
  {:type :info :process :nemesis :f f :value value :time time})

(deftest a-fault-goes-from-its-first-op-to-its-last
  (is (= [[0 :kill 10 12 40 ["store-1"]]]
         (map (juxt :id :f :from :begun :to (comp :nodes :value))
              (history/faults [(nemesis :kill 10 {:fault 0})
                               (nemesis :kill 12 {:fault 0 :nodes ["store-1"]})
                               (nemesis :heal-kill 30 {:fault 0})
                               (nemesis :heal-kill 40 {:fault 0 :nodes ["store-1"]})]
                              100)))))

(deftest the-end-of-a-fault-takes-its-time
  (let [ms #(* 1000000 (long %))]
    (is (= [[(ms 27) (ms 40)]]
           (map (juxt :ending :to)
                (history/faults [(nemesis :kill (ms 10) {:fault 0})
                                 (nemesis :heal-kill (ms 20) {:fault 0})
                                 (nemesis :heal-kill (ms 40) {:fault 0 :healed true :took 13})]
                                (ms 100)))))
    (is (= [[50 60]]
           (map (juxt :ending :to)
                (history/faults [(nemesis :kill 10 {:fault 0})
                                 (nemesis :heal-all 50 {})
                                 (nemesis :heal-all 60 {:healed [0]})]
                                100))))))

(deftest a-fault-that-nothing-ended-goes-on
  (let [begun [(nemesis :kill 10 {:fault 0}) (nemesis :kill 12 {:fault 0})]]
    (is (= [100] (map :to (history/faults begun 100))))
    (is (= [12] (map :to (history/faults begun 100 (constantly false)))))
    (is (= [60] (map :to (history/faults (conj begun (nemesis :heal-all 60 {:healed [0]})) 100))))))
