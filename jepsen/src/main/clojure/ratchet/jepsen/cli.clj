(ns ratchet.jepsen.cli
  "The command `./ratchet jepsen`."
  (:refer-clojure :exclude [run!])
  (:require [clojure.java.io :as io]
            [clojure.string :as str]
            [clojure.tools.cli :as cli]
            [ratchet.jepsen.faults :as faults]
            [ratchet.jepsen.leftovers :as leftovers]
            [ratchet.jepsen.preflight :as preflight]
            [ratchet.jepsen.run :as run]
            [ratchet.jepsen.tell :as tell]
            [ratchet.jepsen.workload :as workload])
  (:import (java.time LocalDateTime)
           (java.time.format DateTimeFormatter)))

(set! *warn-on-reflection* true)

(def exit-codes
  {:held 0, :broken 1, :usage 2, :could-not-run 3})

(defn- fail
  "Ends the command."
  [kind & lines]
  (throw (ex-info (str/join "\n" lines) {:kind kind})))

;; Options.

(defn- whole [low high]
  [#(and (integer? %) (<= low % high)) (str "a whole number from " low " to " high)])

(defn- parse-whole [text]
  (try (Long/parseLong text) (catch NumberFormatException _ nil)))

(def options
  [[nil "--time SECONDS" "How long traffic goes on under faults (default: 60)"
    :parse-fn parse-whole :validate (whole 1 1000000)]
   [nil "--faults LIST" "Kinds of faults, with commas; or all, or none (default: kill,pause,partition)"]
   [nil "--workload NAME" "Who calls what" :default "mix"]
   [nil "--seed N" "Decides all that is random (default: another one each time)"
    :parse-fn parse-whole :validate (whole 0 Integer/MAX_VALUE)]
   [nil "--schedule FILE" "Replays the faults of a run: its schedule.edn"]
   [nil "--plan" "Prints the schedule that there would be, and runs nothing"]
   [nil "--out DIR" "Folder of the run (default: data/jepsen/TIME-SEED)"]
   [nil "--zones N" "How many zones" :default 5 :parse-fn parse-whole
    :validate [#(and % (odd? %) (<= 3 % 9)) "3, 5, 7 or 9: store nodes vote, so their number is odd"]]
   [nil "--rate N" "Calls a second, of all callers together" :default 200
    :parse-fn parse-whole :validate (whole 1 100000)]
   [nil "--workers N" "Callers that call at a time" :default 20
    :parse-fn parse-whole :validate (whole 1 1000)]
   [nil "--name NAME" "Of the network namespaces and their link" :default "rtj0"]
   [nil "--loopback" "All nodes on 127.0.0.1: needs no root, has no partitions"]
   [nil "--java-opts OPTIONS" "More options for the JVMs of all nodes"]
   [nil "--keep-data" "Leave the data folders of the store nodes"]
   [nil "--clean" "Remove what runs that were killed have left on this machine, and end"]
   [nil "--list" "Print all faults and workloads, and end"]
   ["-h" "--help" "Print this, and end"]])

(defn usage
  "What the command takes."
  [summary]
  (str "Usage: ./ratchet jepsen [OPTIONS]\n"
       "Breaks a multi-zone cluster of real processes on this machine, and says whether the contract held.\n\n"
       "Example: ./ratchet jepsen --time 60 --faults kill,pause,partition\n\n"
       summary
       "\n\nExit codes:\n"
       "  0  every check held\n"
       "  1  a check failed\n"
       "  2  wrong arguments, or a schedule that can't be read; nothing was tried\n"
       "  3  the run could not be carried out"))

(defn listing
  "All faults and workloads."
  []
  (let [width (reduce max (map (comp count name) (concat (keys faults/kinds) (keys workload/workloads))))
        lines (fn [table] (for [[id {:keys [doc]}] table]
                            (str "  " (name id) (apply str (repeat (- (+ 2 (long width)) (count (name id))) " ")) doc)))]
    (str/join "\n" (concat ["Faults (--faults):"] (lines faults/kinds)
                           ["" "Workloads (--workload):"] (lines (into (sorted-map) workload/workloads))))))

(defn- one-of [what table named]
  (let [id (keyword named)]
    (when-not (contains? table id)
      (fail :usage (str "there is no " what " '" named "'; there are "
                        (str/join ", " (map name (keys table))))))
    id))

(defn parse-faults
  "The kinds of faults that a list names."
  [text loopback?]
  (case text
    "none" #{}
    "all"  (set (cond->> (keys faults/kinds)
                  loopback? (remove #(some #{:net :disk} (faults/needs #{%})))))
    (set (map #(one-of "fault" faults/kinds (str/trim %)) (str/split text #",")))))

(defn- read-schedule [file]
  (let [text (try (slurp file)
                  (catch java.io.IOException e (fail :usage (str "--schedule " file ": " (ex-message e)))))]
    (try
      (faults/parse text)
      (catch clojure.lang.ExceptionInfo e
        (apply fail :usage (map #(str file ": " %) (:problems (ex-data e))))))))

(defn- random-seed [] (rand-int 1000000))

(def ^:private stamp (DateTimeFormatter/ofPattern "yyyyMMdd-HHmmss"))

(defn- default-out [seed]
  (str "data/jepsen/" (.format (LocalDateTime/now) stamp) "-" seed))

(defn- after-last
  "Seconds until a while after the last fault."
  [schedule]
  (+ 5 (quot (long (reduce max 0 (map #(+ (long (:at %)) (long (:for %))) schedule))) 1000)))

(defn settled
  "The options of a run, from those of the command line, and its schedule."
  [{:keys [time faults workload seed schedule out loopback] :as options}]
  (when (and schedule faults)
    (fail :usage "--schedule says the faults; leave out --faults"))
  (let [seed     (or seed (random-seed))
        workload (one-of "workload" workload/workloads workload)
        replayed (some-> schedule read-schedule)
        time     (or time (if replayed (after-last replayed) 60))
        kinds    (parse-faults (or faults (if loopback "kill,pause" "kill,pause,partition")) loopback)
        schedule (or replayed (faults/schedule {:seed seed :time-ms (* 1000 (long time)) :faults kinds}))]
    [(assoc options :seed seed :workload workload :time time :loopback? (boolean loopback)
            :keep-data? (:keep-data options) :java-options (:java-opts options)
            :dir (.getAbsolutePath (io/file (or out (default-out seed)))))
     schedule]))

;; Commands.

(defn- clean! []
  (doseq [name (leftovers/names)]
    (if-let [pid (leftovers/in-use-by name)]
      (println (str name ": in use by process " pid ", left alone"))
      (let [left (run/remove! (assoc (leftovers/read-notes name) :name name))]
        (println (if (empty? left)
                   (str name ": removed")
                   (str name ": can't remove " (str/join ", " left)))))))
  :held)

(defn- check-machine! [{:keys [name loopback?]} schedule]
  (let [needs (faults/needs (faults/faults-of schedule))
        wrong (preflight/problems {:name name :loopback? loopback? :needs needs})]
    (when (seq wrong)
      (apply fail :could-not-run wrong))))

(defn- check-folder! [{:keys [dir]}]
  (when (seq (.list (io/file dir)))
    (fail :usage (str "--out " dir " is not empty"))))

(defn- remove-once!
  "What removes a run's things: on its first call, and if the command is interrupted, by then."
  [{:keys [ending] :as options}]
  (let [removal (delay
                  (reset! ending true)
                  (let [left (run/remove! options)]
                    (when (seq left)
                      (tell/warn (str "could not remove: " (str/join ", " left)
                                      "; `./ratchet jepsen --clean` tries again")))))]
    (.addShutdownHook (Runtime/getRuntime)
                      (Thread. ^Runnable (fn []
                                           (when-not (realized? removal)
                                             (tell/warn "interrupted; removing the cluster")
                                             @removal))))
    removal))

(defn- run! [options]
  (let [[options schedule] (settled options)]
    (if (:plan options)
      (do (print (faults/print-schedule schedule)) (flush) :held)
      (do
        (check-folder! options)
        (check-machine! options schedule)
        (.mkdirs (io/file (:dir options)))
        (System/setProperty "ratchet.jepsen.log" (str (io/file (:dir options) "harness.log")))
        ;; What a run of this name left when it was killed.
        (leftovers/remove! (:name options))
        (let [options (assoc options :ending (atom false))
              removal (remove-once! options)]
          (try
            (let [results (run/run-all! (merge options tell/of-run) schedule)]
              @removal
              (println)
              (print (:text results))
              (flush)
              (if (:valid? results) :held :broken))
            (finally @removal)))))))

(defn command
  "Carries the command out; which of `exit-codes` it ends with."
  [args]
  (let [{:keys [options arguments errors summary]} (cli/parse-opts args options)]
    (cond
      (:help options)   (do (println (usage summary)) :held)
      (seq errors)      (apply fail :usage errors)
      (seq arguments)   (fail :usage (str "what is '" (first arguments) "'? `./ratchet jepsen --help` tells what there is"))
      (:list options)   (do (println (listing)) :held)
      (:clean options)  (clean!)
      :else             (run! options))))

(defn -main [& args]
  (let [kind (try
               (command args)
               (catch clojure.lang.ExceptionInfo e
                 (tell/warn (ex-message e))
                 (get #{:usage :could-not-run} (:kind (ex-data e)) :could-not-run))
               (catch Throwable e
                 (tell/warn (str "the harness failed: " e))
                 (.printStackTrace e)
                 :could-not-run))]
    (shutdown-agents)
    (System/exit (exit-codes kind))))
