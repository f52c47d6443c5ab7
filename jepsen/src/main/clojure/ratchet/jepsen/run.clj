(ns ratchet.jepsen.run
  "One run from beginning to end: the cluster, traffic and faults, what became of it, and its folder.

      history.edn results.edn schedule.edn test.edn index.html nodes/NAME/{out.log,NAME.yaml}"
  (:require [clojure.java.io :as io]
            [clojure.pprint :as pprint]
            [clojure.string :as str]
            [ratchet.jepsen.checker :as checker]
            [ratchet.jepsen.cluster :as cluster]
            [ratchet.jepsen.faults :as faults]
            [ratchet.jepsen.history :as history]
            [ratchet.jepsen.layout :as layout]
            [ratchet.jepsen.leftovers :as leftovers]
            [ratchet.jepsen.logs :as logs]
            [ratchet.jepsen.nemesis :as nemesis]
            [ratchet.jepsen.nodes :as nodes]
            [ratchet.jepsen.report :as report]
            [ratchet.jepsen.runner :as runner]
            [ratchet.jepsen.shell :as shell]
            [ratchet.jepsen.workload :as workload])
  (:import (java.time Instant)))

(set! *warn-on-reflection* true)

(defn- write-edn! [file value]
  (binding [*print-length* nil, *print-level* nil, *print-namespace-maps* false]
    (spit file (with-out-str (pprint/pprint value)))))

(defn- versions []
  {:java    (System/getProperty "java.runtime.version")
   :clojure (clojure-version)
   :linux   (first (shell/lines "uname" "-r"))
   :ratchet (or (first (shell/lines "git" "-C" (str (nodes/home)) "describe" "--always" "--dirty")) "unknown")})

(defn- test-map
  "What test.edn says."
  [{:keys [name dir seed time workload zones loopback? rate workers]} schedule cluster]
  {:name name :seed seed :time time :workload workload :zones zones :loopback? (boolean loopback?)
   :faults      (vec (sort (faults/faults-of schedule)))
   :nodes       (mapv #(select-keys % [:name :role :zone]) (nodes/all cluster))
   :rate        rate
   :workers     workers
   :replay      (str "./ratchet jepsen --schedule " dir "/schedule.edn --seed " seed " --time " time
                     " --workload " (clojure.core/name workload) " --zones " zones " --rate " rate " --workers " workers
                     (when loopback? " --loopback"))
   :delay-means (:delay-means (:net cluster))
   :versions    (versions)
   :started     (str (Instant/now))})

(def ^:private a-start-nanos
  "Longest time that nodes may take to start."
  300000000000)

(defn- before-traffic?
  "Whether an error is of the time when nodes started, and did not find each other yet."
  [{:keys [time]}]
  (and time (< (- (long a-start-nanos)) (long time) 0)))

(defn- evidence
  "What the cluster knows of its health; see `checker.health`."
  [cluster nemesis-start clocks?]
  {:not-ready (mapv (fn [why] {:node (first (str/split why #" ")) :why why}) (cluster/faults-left cluster))
   :crashes   (vec (for [{:keys [node exit faults]} @(:exits cluster) :when (empty? faults)]
                     {:node node :exit exit}))
   :errors    (vec (for [node  (nodes/all cluster)
                         error (logs/errors node nemesis-start)
                         :when (not (before-traffic? error))]
                     (cond-> error clocks? (dissoc :time))))})

(defrecord Telling [nemesis tell start]
  runner/Nemesis
  (setup! [_]
    (reset! start {:nanos (System/nanoTime) :wall (System/currentTimeMillis)})
    (runner/setup! nemesis))
  (invoke! [_ op]
    (tell op (- (System/nanoTime) (long (:nanos @start))) false)
    (let [done (runner/invoke! nemesis op)]
      (tell done (- (System/nanoTime) (long (:nanos @start))) true)
      done))
  (teardown! [_] (runner/teardown! nemesis)))

(defn remove!
  "Removes whatever a run has made but the folder. Gives what could not be removed."
  [{:keys [name dir keep-data?]}]
  (let [left (leftovers/remove! name)]
    (doseq [node  (.listFiles (io/file dir "nodes"))
            leaf  (cond->> ["data" "data.img" "clock" "clock.uptime" "clock.new"]
                    keep-data? (remove #{"data" "data.img"}))]
      (shell/attempt ["rm" "-rf" (str (io/file node leaf))]))
    left))

(defn run-all!
  "Runs, and gives the results, with what the terminal is told as :text. Its caller removes what it made, also when it throws."
  [{:keys [name dir seed time workload zones loopback? workers rate java-options tell tell-start ending] :as opts} schedule]
  (let [kinds    (faults/faults-of schedule)
        needs    (faults/needs kinds)
        clocks?  (contains? needs :faketime)
        _        (io/make-parents (io/file dir "schedule.edn"))
        _        (spit (io/file dir "schedule.edn") (faults/print-schedule schedule))
        cluster  (cluster/start! {:name name :zones zones :dir dir :loopback? loopback?
                                  :disks? (contains? needs :disk) :clocks? clocks?
                                  :java-options java-options :ending ending})
        start    (atom nil)
        run-id   (str seed)
        file     (io/file dir "history.edn")
        test     {:workload workload :seed seed :run-id run-id :time-ms (* 1000 (long time))
                  :workers workers :rate rate
                  :target (nodes/endpoints cluster)
                  :nemesis (->Telling (nemesis/nemesis cluster schedule) tell start)
                  :plan (nemesis/plan schedule) :heal nemesis/heal
                  :history-file file}
        facts    (test-map opts schedule cluster)]
    (write-edn! (io/file dir "test.edn") facts)
    (tell-start facts)
    (runner/run-test! test)
    (let [evidence (evidence cluster (:wall @start) clocks?)
          _        (cluster/end! cluster)
          history  (history/read-file file)
          results  (checker/check history {:spaces (workload/spaces-of test) :evidence evidence
                                           :nodes (map :name (nodes/all cluster))
                                           :doors (layout/doors (:layout cluster))})]
      (write-edn! (io/file dir "results.edn") results)
      (assoc results :text (report/write! dir {:history history})))))
