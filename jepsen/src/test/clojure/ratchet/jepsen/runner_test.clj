(ns ratchet.jepsen.runner-test
  (:require [clojure.java.io :as io]
            [clojure.test :refer [deftest is]]
            [ratchet.jepsen.checker :as checker]
            [ratchet.jepsen.conn :as conn]
            [ratchet.jepsen.history :as history]
            [ratchet.jepsen.runner :as runner]
            [ratchet.jepsen.workload :as workload])
  (:import (java.util.concurrent.atomic AtomicLong)))

(defn- answer
  "What a single counter for each key would say."
  [counters {:keys [f value] :as op}]
  (let [counter (fn [key] ^AtomicLong (.computeIfAbsent ^java.util.concurrent.ConcurrentHashMap counters key
                                                        (reify java.util.function.Function (apply [_ _] (AtomicLong.)))))
        issue   (fn [key n] (inc (- (.addAndGet (counter key) n) n)))]
    (assoc op :type :ok
           :value (merge value
                         (case f
                           :next     {:first (issue (:key value) 1) :count 1 :epoch 1}
                           :range    {:first (issue (:key value) (:count value)) :epoch 1}
                           :next-all {:firsts (mapv #(issue % 1) (:keys value)) :epochs (mapv (constantly 1) (:keys value))}
                           :current  {:number (.get (counter (:key value))) :exact true :epoch 1})))))

(defrecord Counters [counters closed break]
  conn/Conn
  (call [_ op] (or (break op) (answer counters op)))
  (next-conn [this] this)
  (close [_] (swap! closed inc)))

(defn- run
  "Runs a test against counters in memory; gives its result, or what it threw, its history, and how many conns were closed."
  [test & [break]]
  (let [file     (java.io.File/createTempFile "history" ".edn")
        counters (java.util.concurrent.ConcurrentHashMap.)
        closed   (atom 0)]
    (try
      (let [test    (merge {:run-id "t" :seed 1 :time-ms 400 :tail-ms 50 :rate 2000 :history-file file
                            :create-spaces! (fn [_])
                            :open-conn (fn [_ _ _] (->Counters counters closed (or break (constantly nil))))}
                           test)
            result  (try (runner/run-test! test) (catch Exception e e))]
        {:result result :history (history/read-file file) :closed @closed :test test})
      (finally
        (io/delete-file file)))))

(deftest every-workload-runs-and-holds-against-counters
  (doseq [name (keys workload/workloads)]
    (let [{:keys [result history test]} (run {:workload name})
          {:keys [valid? checks ops]}   (checker/check history {:spaces (workload/spaces-of test)
                                                                :checks (remove #{:availability} (keys checker/checks))})]
      (is (= ops (merge {:fail 0 :info 0} (:ops result))) name)
      (is (< 100 (:ok ops)) name)
      (is valid? (pr-str name (map :violations (vals checks)))))))

(deftest indexes-and-times-go-up-together
  (let [{:keys [history]} (run {})]
    (is (= (range (count history)) (map :index history)))
    (is (apply <= (map :time history)))))

(deftest a-process-whose-call-ended-unknown-is-over
  (let [{:keys [history]} (run {:workers 3 :workload :next}
                               #(when (zero? (mod (hash (:value %)) 7))
                                  (assoc % :type :info :error [:timeout "no answer"])))
        over      (map :process (filter #(= :info (:type %)) history))
        last-type (into {} (map (juxt :process :type)) history)]
    (is (< 3 (count over)))
    (is (apply distinct? over))
    (is (= #{:info} (set (map last-type over))))
    (is (contains? (set (map :process history)) (+ 3 (first over))))))

(deftest who-is-told-a-number-gets-a-larger-one
  (let [calls (history/calls (:history (run {:workload :handoff})))
        told  (filter #(get-in % [:invoke :value :told]) calls)]
    (is (< 20 (count told)))
    (is (every? #(< (get-in % [:invoke :value :told :number]) (get-in % [:complete :value :first])) told))
    (is (< (* 2 (count (filter #(= (:process %) (get-in % [:invoke :value :told :process])) told)))
           (count told))
        "most are told by another")))

(defn- nemesis [log invoke]
  (reify runner/Nemesis
    (setup! [_] (swap! log conj :setup))
    (invoke! [_ op] (swap! log conj (:f op)) (invoke op))
    (teardown! [_] (swap! log conj :teardown))))

(def ^:private plan
  [{:at 50 :op {:f :kill :value {:fault 0}}} {:at 100 :op {:f :heal-kill :value {:fault 0}}}])

(deftest faults-are-carried-out-in-time-and-recorded-at-both-ends
  (let [log (atom [])
        {:keys [history]} (run {:plan plan :heal [{:f :heal-all :value {}}]
                                :nemesis (nemesis log #(assoc-in % [:value :nodes] ["alloc-1"]))})
        ops (filter #(= :nemesis (:process %)) history)]
    (is (= #{:setup :kill :heal-kill :heal-all :teardown} (set @log)))
    (is (= [:setup :heal-all :teardown] (remove #{:kill :heal-kill} @log)))
    ;; Each takes its own time.
    (is (= {:kill [nil ["alloc-1"]], :heal-kill [nil ["alloc-1"]], :heal-all [nil ["alloc-1"]]}
           (update-vals (group-by :f ops) #(map (comp :nodes :value) %))))
    (is (<= 50000000 (:time (first ops)) 1000000000))))

(deftest a-fault-that-can-not-be-carried-out-is-told-and-the-run-goes-on
  (let [{:keys [history result]} (run {:plan plan :nemesis (nemesis (atom []) (fn [_] (throw (ex-info "no such node" {}))))})
        ops (filter #(= :nemesis (:process %)) history)]
    (is (map? result))
    (is (= 4 (count ops)))
    (is (re-find #"no such node" (second (:error (second (filter #(= :kill (:f %)) ops))))))))

(deftest a-fault-of-the-harness-ends-the-run-and-all-is-cleared-away
  (let [log (atom [])
        {:keys [result closed history]} (run {:workers 4 :time-ms 60000 :nemesis (nemesis log identity)}
                                             (fn [op] (when (= :current (:f op)) (throw (IllegalStateException. "broken conn")))))]
    (is (re-find #"broken conn" (ex-message result)))
    (is (= [:setup :teardown] @log))
    (is (= 4 closed))
    (is (seq history))))
