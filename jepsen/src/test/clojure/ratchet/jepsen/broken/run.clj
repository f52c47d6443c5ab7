(ns ratchet.jepsen.broken.run
  "Runs scenarios on the harness: a cluster of broken nodes, traffic, faults, checks."
  (:require [clojure.java.io :as io]
            [clojure.string :as str]
            [ratchet.jepsen.broken.restore]
            [ratchet.jepsen.checker :as checker]
            [ratchet.jepsen.cluster :as cluster]
            [ratchet.jepsen.history :as history]
            [ratchet.jepsen.nemesis :as nemesis]
            [ratchet.jepsen.runner :as runner]
            [ratchet.jepsen.workload :as workload])
  (:import (java.io File)))

(set! *warn-on-reflection* true)

(def ^:private cluster-name "rbroken")

(defn agent-jar
  "The agent, where the build leaves it."
  ^File []
  (io/file (or (System/getProperty "ratchet.broken")
               (io/file (cluster/home) "jepsen" "target" "broken" "ratchet-jepsen-broken.jar"))))

(defn- java-options [bug]
  (when bug
    (when-not (.exists (agent-jar))
      (throw (ex-info (str "there is no " (agent-jar) "; `./mvnw -pl jepsen -am test-compile` makes it") {})))
    (str "-javaagent:" (agent-jar) "=" bug)))

(defn- workloads [{:keys [crews]}]
  {:scenario {:doc "of a scenario" :crews crews}})

(def ^:private spaces
  (assoc workload/spaces :tiny {:kind :uid, :sections 16, :section-size 100000, :step 10}))

(defn- move!
  "Has section 0 of the scenario's namespace served by the node that it names."
  [cluster {:keys [owner crews]} run-id]
  (when owner
    (let [space             (:name (workload/space run-id (first (:spaces (first crews)))))
          {:keys [exit out]} (cluster/admin! cluster "move" space "0" owner)]
      (when-not (zero? (long exit))
        (throw (ex-info (str "can't move the section: " out) {}))))))

(defn- moving-first
  "A nemesis that moves the section once namespaces are there and before any traffic."
  [nemesis cluster scenario run-id]
  (reify runner/Nemesis
    (setup! [_]
      (move! cluster scenario run-id)
      (runner/setup! nemesis))
    (invoke! [_ op] (runner/invoke! nemesis op))
    (teardown! [_] (runner/teardown! nemesis))))

(defn- evidence [cluster whole]
  {:not-ready (for [why (:why whole)] {:node "cluster" :why why})
   :crashes   (for [{:keys [node exit]} @(:exits cluster)] {:node node :exit exit})
   :errors    []})

(defn- last-seconds
  "When the last op of a violation was completed, in seconds of the run; 0 where it names none."
  ^double [violation]
  (/ (double (reduce max 0 (keep :time (:ops violation)))) 1e9))

(defn- first-caught [{:keys [violations]}]
  (when (seq violations)
    (reduce min (map last-seconds violations))))

(defn- traffic!
  "The results of all checks of a run of the scenario."
  [cluster {:keys [schedule rate time-ms seed] :as scenario} dir run-id]
  (let [file  (io/file dir "history.edn")
        whole (atom nil)
        calls (-> (nemesis/nemesis cluster schedule)
                  (moving-first cluster scenario run-id))
        calls (reify runner/Nemesis
                (setup! [_] (runner/setup! calls))
                (invoke! [_ op]
                  (let [done (runner/invoke! calls op)]
                    (when (= :whole (:f op)) (reset! whole (:value done)))
                    done))
                (teardown! [_] (runner/teardown! calls)))
        test  {:workload :scenario, :run-id run-id, :seed (or seed 1), :workers 16, :rate (or rate 200)
               :time-ms time-ms, :tail-ms 1000, :target (cluster/endpoints cluster), :nemesis calls
               :plan (nemesis/plan schedule), :heal nemesis/heal, :history-file file}]
    (runner/run-test! test)
    (checker/check (history/read-file file)
                   {:spaces   (workload/spaces-of test)
                    :nodes    (mapv :name (cluster/nodes cluster))
                    :evidence (evidence cluster @whole)})))

(defn run-scenario!
  "Runs a scenario in a folder. Gives the results of its checks, `:caught` with the names of those that failed, and
  `:seconds`, when the check that must fail first saw the bug."
  [{:keys [bug caught-by] :as scenario} dir]
  (.mkdirs (io/file dir))
  (with-redefs [workload/workloads (workloads scenario)
                workload/spaces    spaces
                nemesis/whole-bound-millis 15000]
    (let [run-id  "broken"
          cluster (cluster/start! {:name cluster-name, :zones 3, :dir (str dir)
                                   :java-options (java-options bug)})]
      (try
        (let [results (traffic! cluster scenario dir run-id)
              caught  (vec (for [[name {:keys [valid?]}] (:checks results) :when (not valid?)] name))]
          (assoc results
                 :caught caught
                 :seconds (some-> (get-in results [:checks caught-by]) first-caught)))
        (finally
          (cluster/tear-down! cluster {}))))))

(defn row
  "A line of the table."
  [{:keys [bug caught-by]} {:keys [caught seconds checks]}]
  (format "%-40s %-14s %8s  %s" (or bug "(none)") (if caught-by (name caught-by) "-")
          (if seconds (String/format java.util.Locale/ROOT "%.1f s" (to-array [seconds])) "-")
          (str/join ", " (for [check caught] (str (name check) " " (get-in checks [check :count]))))))

(def header
  (format "%-40s %-14s %8s  %s" "bug" "must be found by" "after" "found by"))
