(ns ratchet.real.generator
  "The harness's calls and faults as Jepsen generators. All are values: Jepsen may ask one for an operation, and not take it."
  (:require [jepsen.generator :as gen]
            [ratchet.jepsen.generator :as generator]
            [ratchet.jepsen.nemesis :as nemesis]
            [ratchet.jepsen.workload :as workload]))

;; Workers that call what a seed says.

(defn- worker-ops
  "The calls of a worker. Jepsen paces all workers together, so their own pauses go."
  [{:keys [seed run-id]} worker crew]
  (map #(dissoc % :pause)
       (generator/ops {:seed seed :worker worker :crew crew :mean-pause 0.0
                       :spaces (mapv #(workload/space run-id %) (:spaces crew))})))

;; Relays: numbers told out of band. As `ratchet.jepsen.relay`, without its queue: a baton is a map
;; {:key :told :holder :passes :ready}, and a worker that last had it leaves it to others for a while.

(def ^:private left-to-others-nanos 50000000)

(defn- next-turn
  "When a baton can be taken, and by which free process: [time baton process], or nil while none is free."
  [ctx {:keys [holder ready] :as baton}]
  (let [free  (gen/free-processes ctx)
        other (first (remove #(= holder (gen/process->thread ctx %)) free))]
    (cond
      other       [(max ready (:time ctx)) baton other]
      (seq free)  [(max (+ ready left-to-others-nanos) (:time ctx)) baton (first free)])))

(defn- baton-op [{:keys [observe?]} time {:keys [key told]} process]
  {:f :next :process process :time time
   :value (cond-> {:key key} told (assoc :told (cond-> told observe? (assoc :observe true))))})

(defn- passed-on
  "A baton after a call with it: with the number that the call got, at once or after a rest."
  [{:keys [rest seed]} {:keys [key told passes]} thread {:keys [type time process value]}]
  (let [passes (inc passes)
        ok?    (= :ok type)
        random (generator/random seed :relay key passes)
        pause  (if (and (odd? passes) ok?) 0 (long (* (double rest) (+ 0.5 (.nextDouble random)))))]
    {:key key
     :told (if ok? {:number (:first value) :epoch (:epoch value) :process process} told)
     :holder thread
     :passes passes
     :ready (+ time pause)}))

(defrecord Relay [settings batons in-hand]
  gen/Generator
  (op [this _ ctx]
    (if-let [[time baton process] (first (sort-by first (keep #(next-turn ctx %) batons)))]
      (let [op (gen/fill-in-op (baton-op settings time baton process) ctx)]
        [op (assoc this
                   :batons (filterv #(not= (:key baton) (:key %)) batons)
                   :in-hand (assoc in-hand (gen/process->thread ctx process) baton))])
      [:pending this]))
  (update [this _ ctx {:keys [type process] :as event}]
    (let [thread (gen/process->thread ctx process)
          baton  (get in-hand thread)]
      (if (and baton (not= :invoke type))
        (assoc this
               :batons (conj batons (passed-on settings baton thread event))
               :in-hand (dissoc in-hand thread))
        this))))

(defn relay
  "The relay of a crew of so many workers."
  [{:keys [seed run-id rate workers]} {{:keys [batons first-key observe]} :relay :keys [spaces]} size]
  (let [space (workload/space run-id (first spaces))
        rate  (/ (* (double rate) size) workers)]
    (->Relay {:observe? observe :seed seed :rest (long (/ (* 2e9 batons) rate))}
             (mapv #(hash-map :key (generator/key-name space (+ first-key %)) :told nil :holder nil :passes 0 :ready 0) (range batons))
             {})))

;; All workers.

(defn- threads-of
  "The threads of each generator, as [set-of-threads generator]: a worker by itself, or all workers of a relay."
  [{:keys [workload workers] :as harness}]
  (->> (map-indexed vector (workload/crews workload workers))
       (group-by (fn [[worker crew]] (if (:relay crew) [:relay (:crew crew)] [:worker worker])))
       (sort-by (comp first first val))
       (map (fn [[_ members]]
              (let [[worker crew] (first members)]
                [(set (map first members))
                 (if (:relay crew)
                   (relay harness crew (count members))
                   (worker-ops harness worker crew))])))))

(defn clients
  "All callers of a workload."
  [harness]
  (->> (threads-of harness)
       (mapv (fn [[threads generator]] (gen/on-threads threads generator)))
       (apply gen/any)
       gen/clients))

;; Faults.

(defrecord Plan [left]
  gen/Generator
  (op [this _ ctx]
    (when-let [{:keys [at op]} (first left)]
      (let [op (gen/fill-in-op (assoc op :type :info :time (max (:time ctx) (* 1000000 at))) ctx)]
        (if (= :pending op)
          [:pending this]
          [op (->Plan (rest left))]))))
  (update [this _ _ _] this))

(defn faults
  "The operations of a schedule, each when it is due, or as soon after as the nemesis is free."
  [schedule]
  (->Plan (nemesis/plan schedule)))

;; A whole test.

(defn whole
  "Traffic under faults for so long, then the end of all faults, more traffic, and a call in each section."
  [{:keys [rate time-limit tail heal schedule]} harness]
  (let [traffic (gen/stagger (/ rate) (clients harness))]
    (gen/phases
      (gen/time-limit time-limit (gen/any traffic (gen/nemesis (faults schedule))))
      (gen/nemesis (mapv #(assoc % :type :info) heal))
      (gen/time-limit tail traffic)
      (gen/clients (generator/sweep (vals (workload/spaces-of harness)))))))
