(ns ratchet.jepsen.faults-test
  (:require [clojure.string :as str]
            [clojure.test :refer [are deftest is testing]]
            [ratchet.jepsen.faults :as faults]))

(def ^:private all (set (keys faults/kinds)))

(defn- drawn [seed kinds]
  (faults/schedule {:seed seed :time-ms 600000 :faults kinds}))

(deftest the-same-seed-draws-the-same-schedule
  (is (= (drawn 7 all) (drawn 7 all)))
  (is (not= (drawn 7 all) (drawn 8 all))))

(deftest the-order-of-faults-on-the-command-line-changes-nothing
  (is (= (faults/schedule {:seed 1 :time-ms 60000 :faults [:kill :pause]})
         (faults/schedule {:seed 1 :time-ms 60000 :faults [:pause :kill]}))))

(deftest what-is-drawn-prints-and-replays
  (doseq [seed (range 50)
          :let [schedule (drawn seed all)]]
    (is (= schedule (faults/parse (faults/print-schedule schedule))) (str "seed " seed)))
  (is (= [] (faults/parse (faults/print-schedule [])))))

(deftest what-is-drawn-is-over-before-the-end
  (doseq [seed (range 50), {:keys [at] lasts :for} (drawn seed all)]
    (is (<= 3000 at (+ at lasts) 599000) (str "seed " seed))))

(deftest each-kind-has-its-turn
  (doseq [kind all]
    (is (some #(= kind (:f %)) (drawn 3 all)) (str kind)))
  (doseq [kind all]
    (is (every? #(= kind (:f %)) (drawn 3 #{kind})))
    (is (seq (drawn 3 #{kind})))))

(deftest two-kinds-and-all-kinds-go-wrong-at-once
  (let [schedule (drawn 3 #{:kill :pause :partition})
        at-once  (fn [{:keys [at] lasts :for}]
                   (set (map :f (filter #(and (<= (:at %) (+ at lasts)) (<= at (+ (:at %) (:for %)))) schedule))))]
    (is (= #{1 2 3} (set (map (comp count at-once) schedule))))))

(deftest pauses-outlast-a-lease
  (doseq [seed (range 50), entry (drawn seed #{:pause})]
    (is (< 2000 (:for entry)) (pr-str entry))))

(deftest no-faults-are-no-schedule
  (is (= [] (faults/schedule {:seed 1 :time-ms 60000 :faults #{}}))))

(defn- says [text]
  (try
    (faults/parse text)
    (catch clojure.lang.ExceptionInfo e
      (:problems (ex-data e)))))

(def ^:private kill "{:id 0, :at 100, :for 200, :f :kill, :role :store, :on :leader}")

(deftest a-malformed-schedule-is-told-apart
  (is (= 1 (count (faults/parse (str "[" kill "]")))))
  (are [text part] (some #(str/includes? % part) (says text))
    ""                                                       "it is empty"
    "[{:id 0"                                                "it is no EDN"
    "[] []"                                                  "more after the schedule's end"
    "{:id 0}"                                                "a schedule is a vector of maps"
    "[3]"                                                    "entry 1: is no map"
    "[{:id 0, :at 1, :for 1, :f :kil, :on :one}]"            "entry 1 (:id 0): :f :kil is no fault; there are :clock"
    "[{:id 0, :at 1, :for 1, :f :kill, :role :store, :on :some}]" ":on :some is no target of :kill"
    "[{:id 0, :at -1, :for 1, :f :kill, :role :store, :on :one}]" ":at must be a number of milliseconds"
    "[{:id 0, :at 1, :for \"x\", :f :kill, :role :store, :on :one}]" ":for must be a number of milliseconds"
    "[{:id 0, :at 1, :for 1, :f :kill, :on :one}]"           ":role is missing"
    "[{:id 0, :at 1, :for 1, :f :kill, :role :disk, :on :one}]" ":role must be one of :store :alloc :router, not :disk"
    "[{:id 0, :at 1, :for 1, :f :kill, :role :alloc, :on :leader}]" ":on :leader goes with :role :store"
    "[{:id 0, :at 1, :for 1, :f :kill, :role :store, :on :owner}]"  ":on :owner goes with :role :alloc"
    "[{:id 0, :at 1, :for 1, :f :kill, :role :store, :on :one, :much 3}]" ":much is no field of :kill"
    "[{:id 0, :at 1, :for 1, :f :packets, :on :all}]"        ":how is missing"
    "[{:id 0, :at 1, :for 1, :f :packets, :on :all, :how :loss}]" ":percent is missing"
    "[{:id 0, :at 1, :for 1, :f :packets, :on :all, :how :loss, :percent 101}]" ":percent must be from 1 to 100"
    "[{:id 0, :at 1, :for 1, :f :slow, :role :alloc, :on :owner}]" ":rate is missing"
    (str "[" kill kill "]")                                  ":id 0 is there 2 times"))

(deftest all-problems-are-told-at-once
  (is (= 3 (count (says "[{:id -1, :at 1, :for 1, :f :nothing, :on :one} 4]")))))

(deftest faults-say-what-they-need
  (testing "only what is asked for"
    (is (empty? (faults/needs #{:kill :pause :drain :membership :rolling})))
    (is (= #{:net} (faults/needs #{:kill :partition})))
    (is (= #{:net :tc :faketime :disk} (faults/needs all)))))
