(ns ratchet.real.main
  "Ratchet under Jepsen: `lein run test --nodes n1,n2,n3,n4,n5` over SSH, or `lein run test --local` with a cluster of network namespaces
  on this machine, as `./ratchet jepsen` has it."
  (:require [clojure.string :as str]
            [jepsen.checker :as checker]
            [jepsen.cli :as cli]
            [jepsen.db :as db]
            [jepsen.net :as net]
            [jepsen.os :as os]
            [jepsen.os.debian :as debian]
            [jepsen.tests :as tests]
            [ratchet.jepsen.cluster :as cluster]
            [ratchet.jepsen.faults :as faults]
            [ratchet.jepsen.layout :as layout]
            [ratchet.jepsen.nemesis :as harness-nemesis]
            [ratchet.jepsen.run :as run]
            [ratchet.jepsen.workload :as workload]
            [ratchet.real.checker :as checks]
            [ratchet.real.client :as client]
            [ratchet.real.db :as real-db]
            [ratchet.real.generator :as generator]
            [ratchet.real.nemesis :as nemesis]))

(def ^:private tail-seconds "How long traffic goes on after the last heal." 15)

;; Where the cluster is.

(def ^:private cluster-name "Of the network namespaces and their link." "rtj0")

(defn- local-db
  "The cluster of the harness: started by whichever node is set up first, and once; removed when the test is over. Jepsen also tears down before
  it sets up: then there is nothing to end."
  [cluster dir]
  (reify db/DB
    (setup! [_ _ _] @cluster)
    (teardown! [_ _ _]
      (when (realized? cluster)
        (locking cluster
          (cluster/end! @cluster)
          (run/remove! {:name cluster-name :dir dir}))))))

(defn- local [{:keys [nodes schedule]}]
  (let [needs   (faults/needs (faults/faults-of schedule))
        dir     (str (System/getProperty "user.dir") "/target/cluster-" (System/currentTimeMillis))
        cluster (delay (cluster/start! {:name cluster-name :zones (count nodes) :dir dir
                                        :disks? (contains? needs :disk) :clocks? (contains? needs :faketime)
                                        :ending (atom false)}))]
    {:ssh     {:dummy? true}
     :os      os/noop
     :db      (local-db cluster dir)
     :net     net/noop
     :layout  (delay (:layout @cluster))
     :heal    harness-nemesis/heal
     :nemesis (nemesis/wrapped #(harness-nemesis/nemesis @cluster schedule))}))

(defn- over-ssh [{:keys [nodes schedule]}]
  (let [schedule (nemesis/carried-out schedule)
        token    (str (random-uuid))]
    {:schedule schedule
     :os       debian/os
     :db       (real-db/db (System/getProperty "ratchet.home"))
     :net      net/iptables
     :layout   (delay (real-db/layout-of nodes token real-db/address))
     :heal     [{:f :heal-all :value {}}]
     :nemesis  (nemesis/over-ssh schedule)}))

;; The test.

(defn- schedule-of [{:keys [schedule seed time-limit faults]}]
  (if schedule
    (faults/parse (slurp schedule))
    (faults/schedule {:seed seed :time-ms (* 1000 time-limit) :faults faults})))

(defn ratchet-test
  "The Jepsen test of these options."
  [{:keys [local? workload seed] :as opts}]
  (let [opts (assoc opts :schedule (schedule-of opts) :run-id (str seed) :tail tail-seconds :timeout 3000)
        test (merge tests/noop-test opts (if local? (local opts) (over-ssh opts)))
        test (assoc test :target (delay (layout/endpoints @(:layout test))))]
    (merge test
           {:name            (str "ratchet " (name workload) " seed " seed)
            :pure-generators true
            :client          (client/client)
            :checker         (checker/compose {:ratchet    (checks/checker)
                                               :perf       (checker/perf)
                                               :stats      (checker/stats)
                                               :exceptions (checker/unhandled-exceptions)})
            ;; The spaces' names are known, but where they are only once there is a cluster: so not asked for here.
            :generator       (generator/whole test (client/harness-test (assoc test :target (delay nil))))})))

;; Options.

(defn- parse-faults [text]
  (case text
    "none" #{}
    "all"  (set (keys faults/kinds))
    (set (map keyword (str/split text #",")))))

(def ^:private options
  [[nil "--local" "A cluster in network namespaces on this machine, without SSH" :id :local?]
   ["-w" "--workload NAME" "Who calls what" :default :mix :parse-fn keyword
    :validate [workload/workloads (cli/one-of workload/workloads)]]
   [nil "--faults LIST" "Kinds of faults, with commas; or all, or none" :default #{:kill :pause :partition} :parse-fn parse-faults
    :validate [(partial every? faults/kinds) (cli/one-of faults/kinds)]]
   [nil "--schedule FILE" "The schedule.edn of a run of the harness, in place of --faults"]
   [nil "--seed N" "Decides all that is random" :default 1 :parse-fn parse-long :validate [some? "a whole number"]]
   ["-r" "--rate HZ" "Calls a second, of all workers together" :default 200 :parse-fn parse-long
    :validate [pos? "a number above 0"]]])

(defn -main [& args]
  (cli/run! (merge (cli/single-test-cmd {:test-fn ratchet-test :opt-spec options})
                   (cli/serve-cmd))
            args))
