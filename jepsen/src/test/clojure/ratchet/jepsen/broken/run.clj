(ns ratchet.jepsen.broken.run
  "Runs scenarios: a cluster of broken nodes, traffic, faults, checks, as `ratchet jepsen` does it."
  (:require [clojure.java.io :as io]
            [clojure.string :as str]
            ratchet.jepsen.broken.faults
            [ratchet.jepsen.broken.lazy :as lazy]
            [ratchet.jepsen.history :as history]
            [ratchet.jepsen.leftovers :as leftovers]
            [ratchet.jepsen.nemesis :as nemesis]
            [ratchet.jepsen.nodes :as nodes]
            [ratchet.jepsen.preflight :as preflight]
            [ratchet.jepsen.run :as run]
            [ratchet.jepsen.runner :as runner]
            [ratchet.jepsen.workload :as workload])
  (:import (java.io File)
           (java.util Locale)))

(set! *warn-on-reflection* true)

(def ^:private cluster-name "rtb77")

(def seed
  "Of all scenarios; their namespaces are named by it."
  1)

(defn problems
  "What keeps this machine from running scenarios, as texts."
  []
  (preflight/problems {:name cluster-name :needs #{:net :faketime}}))

(defn agent-jar
  "The agent, where the build leaves it."
  ^File []
  (io/file (or (System/getProperty "ratchet.broken")
               (io/file (nodes/home) "jepsen" "target" "broken" "ratchet-jepsen-broken.jar"))))

(defn- java-options [bug]
  (if (nil? bug)
    ""
    (let [jar (agent-jar)]
      (when-not (.exists jar)
        (throw (ex-info (str "there is no " jar "; `./mvnw -pl jepsen -am test-compile` makes it") {})))
      (str "-javaagent:" jar "=" bug))))

(def ^:private spaces
  (assoc workload/spaces :tiny {:kind :uid, :sections 16, :section-size 100000, :step 10}))

(defn- opening
  "Opens the conns of scenarios, too."
  [open-conn]
  (fn [{:keys [target] :as test} crew worker]
    (if (= :lazy (:conn crew))
      (lazy/open {:servers (:allocs target) :timeout 1000})
      (open-conn test crew worker))))

(defn- checked
  "The results of all checks of a run of a scenario."
  [{:keys [bug crews schedule rate seconds]} dir]
  (with-redefs [workload/workloads         {:scenario {:crews crews}}
                workload/spaces            spaces
                nemesis/whole-bound-millis 15000
                runner/defaults            (assoc runner/defaults
                                                  :tail-ms 1000, :open-conn (opening workload/open-conn))]
    (let [options {:name cluster-name, :zones 3, :dir (str dir), :seed seed, :time seconds, :workload :scenario
                   :workers 16, :rate (or rate 200), :java-options (java-options bug)
                   :tell (fn [& _]), :tell-start (fn [& _]), :ending (atom false)}]
      (leftovers/remove! cluster-name)
      (try
        (run/run-all! options schedule)
        (finally
          (run/remove! options))))))

(defn- seen-at
  "When the last op of a violation was completed, in seconds of the run."
  [violation]
  (/ (double (reduce max 0 (keep :time (:ops violation)))) 1e9))

(defn- failed-faults
  "What kept faults from being carried out, in words: it may be why nothing was found."
  [dir]
  (for [{:keys [process f error]} (history/read-file (io/file dir "history.edn"))
        ;; What could not be ended is ended when the run is.
        :when (and (= :nemesis process) error (not (str/starts-with? (name f) "heal-")))]
    (str (name f) " could not be carried out: " (pr-str error))))

(defn run-scenario!
  "Runs a scenario in a folder. Gives the results of its checks, with the names of those that failed as `:caught`,
  when the check that must fail first could see the bug as `:after`, in seconds of the run, and faults that were not carried
  out as `:failed-faults`, in words."
  [{:keys [caught-by] :as scenario} dir]
  (let [results (checked scenario dir)
        found   (map seen-at (get-in results [:checks caught-by :violations]))]
    (assoc results
           :failed-faults (vec (failed-faults dir))
           :caught (vec (for [[name {:keys [valid?]}] (:checks results) :when (not valid?)] name))
           :after  (when (seq found) (reduce min found)))))

(defn- line [bug must-find after found]
  (format "%-38s %-16s %7s  %s" bug must-find after found))

(def header
  "Of the table."
  (line "bug" "must be found by" "after" "found by"))

(defn row
  "A scenario's line of the table."
  [{:keys [bug caught-by shows]} {:keys [caught after checks]}]
  (line (or bug "none")
        (cond
          caught-by (name caught-by)
          shows     (str (name shows) ", allowed")
          :else     "no check")
        (if after (String/format Locale/ROOT "%.1f s" (to-array [after])) "")
        (str/join ", " (concat
                         (for [check caught] (str (name check) " (" (get-in checks [check :count]) ")"))
                         (for [[check {:keys [allowed]}] checks :when allowed]
                           (str (name check) " (" (:count allowed) " allowed)"))))))

(defn why
  "What went wrong in a run, in a few lines: faults that were not carried out, and what the checks say."
  [{:keys [checks ops failed-faults]}]
  (str/join "\n" (concat [(str "ops: " ops)]
                         (map #(str "  " %) failed-faults)
                         (for [[name {:keys [violations]}] checks, {:keys [why]} (take 3 violations)]
                         (str "  " (clojure.core/name name) ": " why)))))
