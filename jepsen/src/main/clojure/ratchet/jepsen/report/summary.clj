(ns ratchet.jepsen.report.summary
  "A run as both the page and the terminal tell it: a digest with the bands of its faults, its buckets, and the verdict in words."
  (:require [clojure.java.io :as io]
            [clojure.string :as str]
            [ratchet.jepsen.report.bands :as bands]
            [ratchet.jepsen.report.digest :as digest]
            [ratchet.jepsen.report.scale :as scale]
            [ratchet.jepsen.report.table :as table]))

(set! *warn-on-reflection* true)

(def ^:private most-buckets 250)

(def violations-shown "Most violations of one check that are shown with their calls." 12)
(def ^:private allowed-shown 3)

(defn- watched [results]
  (into {}
        (for [[check result] (:checks results)
              [kind violations] [[:broken (take violations-shown (:violations result))]
                                 [:allowed (take allowed-shown (:violations (:allowed result)))]]
              [i violation] (map-indexed vector violations)]
          [[check kind i] violation])))

(defn- bucket-width [run-ns]
  (long (* 1e9 (scale/step (max 0.1 (/ run-ns 1e9)) most-buckets))))

(defn summarise
  "All that a report says of a run, from what its folder holds."
  [{:keys [test results history nodes logs dir]}]
  (let [digest (digest/digest history (watched results))
        run-ns (max 1 (:last-time digest))
        width-ns (bucket-width run-ns)]
    {:dir dir
     :test test
     :results results
     :nodes nodes
     :logs logs
     :run-ns run-ns
     :width-ns width-ns
     :calls (:calls digest)
     :counts (update (digest/counts (:calls digest)) :info + (:open digest))
     :latencies (digest/latencies (:calls digest))
     :buckets (digest/buckets (:calls digest) width-ns run-ns)
     :nemesis (:nemesis digest)
     :bands (bands/of (:nemesis digest) run-ns nodes)
     :errors (:errors digest)
     :violations (:violations digest)}))

(defn- plural [n noun]
  (str (scale/number n) " " noun (when (not= 1 n) "s")))

(defn- scope [{:keys [counts bands run-ns]}]
  (str (plural (reduce + (vals counts)) "call") " in " (scale/duration (/ run-ns 1e6))
       (if (seq bands) (str ", under " (plural (count bands) "fault")) ", without faults")))

(defn- broken [results]
  (->> (:checks results)
       (filter #(false? (:valid? (val %))))
       (sort-by (comp name key))
       (map (fn [[k result]]
              (let [[promise] (table/promises k)
                    n (table/violation-count result)]
                (str (name k)
                     (when-not (str/blank? promise) (str " (" promise ")"))
                     (when (pos? n) (str ": " (plural n "violation")))))))))

(defn- undecided [results]
  (map (comp name key) (sort-by (comp name key) (remove #(boolean? (:valid? (val %))) (:checks results)))))

(defn verdict
  "What came of it, in words: {:valid? :headline :sentence}."
  [{:keys [results] :as summary}]
  (let [valid? (:valid? results)
        of (count (:checks results))]
    (case valid?
      true {:valid? true
            :headline "The contract held"
            :sentence (str (if (= 1 of) "The one check held" (str "All " of " checks held")) " over " (scope summary) ".")}
      false (let [broken (broken results)]
              {:valid? false
               :headline "The contract broke"
               :sentence (str (count broken) " of " (plural of "check") " failed over " (scope summary) ". "
                              (str/join "; " broken) ".")})
      (if (nil? results)
        {:valid? nil
         :headline "Not checked"
         :sentence (str "The run ended before its history was checked: " (scope summary) ".")}
        {:valid? nil
         :headline "Undecided"
         :sentence (str "Not decided: " (str/join ", " (undecided results)) ". " (scope summary) ".")}))))

(defn- words [x]
  (cond
    (or (keyword? x) (symbol? x)) (name x)
    (and (coll? x) (not (map? x))) (str/join "," (map words x))
    :else (str x)))

(defn replay
  "The command that does the run again, with the very faults that it had."
  [{:keys [test dir]}]
  (str "./ratchet jepsen --schedule " (io/file dir "schedule.edn")
       (str/join (for [k [:workload :seed :time :zones :rate :workers]
                       :let [v (get test k)]
                       :when (some? v)]
                   (str " --" (name k) " " (words v))))
       (when (:loopback? test) " --loopback")))

(defn- recovery
  "What the nemesis found when it waited for the cluster to be whole, in words."
  [nemesis]
  (when-let [{:keys [whole? whole-ms why]} (:value (last (filter #(and (= :whole (:f %)) (contains? (:value %) :whole?)) nemesis)))]
    (if whole?
      (str (scale/duration whole-ms) " after the last heal")
      (str "not within " (scale/duration whole-ms) ": " (str/join "; " why)))))

(defn facts
  "The run's facts as [name text]."
  [{:keys [test nodes counts run-ns latencies bands nemesis]}]
  (let [calls (reduce + (vals counts))
        seconds (/ run-ns 1e9)]
    (->> [["Seed" (some-> (:seed test) str)]
          ["Workload" (some-> (:workload test) words)]
          ["Faults" (when (seq bands) (str (count bands) ": " (str/join ", " (distinct (map (comp name :f) bands)))))]
          ["Length" (scale/duration (/ run-ns 1e6))]
          ["Calls" (str (scale/number calls) ", " (scale/number (/ calls (max 1e-9 seconds))) " a second")]
          ["Outcomes" (str (scale/number (:ok counts)) " ok, " (scale/number (:fail counts)) " failed, " (scale/number (:info counts)) " unknown")]
          ["Latency" (when latencies
                       (str/join ", " (for [[k label] [[:p50 "p50"] [:p99 "p99"] [:p999 "p99.9"] [:max "longest"]]]
                                        (str label " " (scale/duration (/ (k latencies) 1e6))))))]
          ["Nodes" (when (seq nodes)
                     (let [by-role (frequencies (map #(if (:role %) (name (:role %)) (str/replace (:name %) #"-?\d+$" "")) nodes))]
                       (str/join ", " (for [[role n] (sort by-role)] (str n " " role)))))]
          ["Zones" (let [zones (distinct (keep :zone nodes))]
                     (when (seq zones) (str (count zones) ": " (str/join ", " (sort zones)))))]
          ["Whole again" (recovery nemesis)]
          ["Started" (some-> (:started test) str (str/replace #"\.\d+Z$" "Z"))]
          ["Versions" (when (map? (:versions test))
                        (str/join ", " (for [[k v] (sort-by (comp str key) (:versions test))] (str (words k) " " v))))]]
         (remove (comp str/blank? second)))))
