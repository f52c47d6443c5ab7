(ns ratchet.jepsen.nemesis
  "Carries a schedule out against a cluster. A fault begins by an op of its kind, `{:f :kill, :value {:fault 3 ...}}`, and
  ends by `{:f :heal-kill, :value {:fault 3}}`. At the end of the run all that is still wrong is healed, and the cluster must
  be whole again within a bound: the `:whole` op says how long that took."
  (:require [clojure.string :as str]
            [ratchet.jepsen.cluster :as cluster]
            [ratchet.jepsen.nemesis.action :as action]
            ratchet.jepsen.nemesis.clock
            ratchet.jepsen.nemesis.disk
            [ratchet.jepsen.nemesis.membership :as membership]
            ratchet.jepsen.nemesis.packets
            ratchet.jepsen.nemesis.process
            [ratchet.jepsen.runner :as runner]))

(set! *warn-on-reflection* true)

(def whole-bound-millis
  "How long after the last heal the cluster may take until nothing is wrong."
  60000)

(defn heal-of "The :f of the op that ends a kind of fault." [f]
  (keyword (str "heal-" (name f))))

(defn op-f
  "The :f of the op that begins a fault: more exact than its kind, since checkers go by it."
  [{:keys [f on how]}]
  (case f
    :partition  (case on
                  :callers-from-owner :partition-clients
                  :one-way            :partition-one-way
                  :partition)
    :packets    (case how :loss :packet-loss :delay :packet-delay)
    :clock      (case how :jump :clock-jump :strobe :clock-strobe)
    :disk       (case how :full :disk-full :read-only :disk-read-only)
    :membership (case how :transfer :transfer :replace :membership)
    :rolling    :rolling-restart
    (:rate :slow) :clock-rate
    f))

(defn plan
  "The ops of a schedule and when they are due, in that order."
  [schedule]
  (->> schedule
       (mapcat (fn [{:keys [id at] lasts :for :as entry}]
                 (let [f (op-f entry)]
                   [{:at at :op {:f f :value (-> entry (dissoc :id :at :f :how) (assoc :fault id))}}
                    {:at (+ (long at) (long lasts)) :op {:f (heal-of f) :value {:fault id}}}])))
       (sort-by :at)
       vec))

(def heal
  "The ops at the end of a run."
  [{:f :heal-all :value {}} {:f :whole :value {}}])

(defn- told
  "What of a result goes into the history."
  [result]
  (dissoc result :task :on?))

(defn- begin! [{:keys [cluster begun]} entry]
  (try
    (let [done (action/begin! cluster entry)]
      (deliver (get begun (:id entry)) [entry done (System/nanoTime)])
      (told done))
    (finally
      ;; For its heal: there is nothing to undo.
      (deliver (get begun (:id entry)) nil))))

(defn- millis-since [nanos]
  (quot (- (System/nanoTime) (long nanos)) 1000000))

(defn- sleep-until-over!
  "Until a fault has lasted for as long as it should: it may have begun late, or taken its time."
  [{:keys [ending]} {lasts :for} begun-nanos]
  (let [left (- (long lasts) (long (millis-since begun-nanos)))]
    (when (and (pos? left) (not @ending))
      (Thread/sleep left))))

(defn- heal-now!
  "Ends a fault, if nobody has. What `action/heal!` gives and the milliseconds that it `:took`, or nil."
  [{:keys [cluster healed]} [entry done]]
  (let [[before] (swap-vals! healed conj (:id entry))
        start    (System/nanoTime)]
    (when-not (before (:id entry))
      (try
        (let [told (told (action/heal! cluster entry done))]
          (assoc told :healed true :took (millis-since start)))
        (catch Exception e
          (swap! healed disj (:id entry))
          (throw e))))))

(defn- heal! [{:keys [cluster begun] :as nemesis} id]
  (when-let [[entry _ nanos :as under-way] (some-> (get begun id) deref)]
    (sleep-until-over! cluster entry nanos)
    (heal-now! nemesis under-way)))

(defn- heal-each!
  "Ends faults, whatever each end meets. Gives what went wrong, by id, in a line each."
  [nemesis under-way]
  (reduce (fn [failed [id fault]]
            (try
              (heal-now! nemesis fault)
              failed
              (catch Exception e (assoc failed id (first (str/split-lines (str (ex-message e))))))))
          {} under-way))

(defn- heal-all!
  "Ends all faults under way. Gives their ids, and what went wrong."
  [{:keys [cluster begun healed] :as nemesis}]
  (let [left   (vec (for [[id begun] (sort-by key begun)
                          :when (and (realized? begun) (some? @begun) (not (@healed id)))]
                      [id @begun]))
        ;; What one fault was in the way of may work once that one is over, too.
        again  (filter (comp (heal-each! nemesis left) first) left)
        failed (heal-each! nemesis again)]
    (cluster/start-all! cluster)
    (cond-> {:healed (mapv first left)}
      (seq failed) (assoc :failed failed))))

(def ^:private nudge-millis 3000)

(defn- nudge!
  "Does what an operator would, as long as the cluster is not whole: starts nodes that ended, brings removed store nodes back,
  and lets drained allocation nodes serve."
  [cluster]
  (future
    (loop []
      (Thread/sleep (long nudge-millis))
      (cluster/start-all! cluster)
      (membership/rejoin! cluster)
      (membership/undrain! cluster)
      (recur))))

(defn- whole! [{:keys [cluster]}]
  (let [nudging (nudge! cluster)]
    (try
      (cluster/await-whole cluster whole-bound-millis)
      (finally (future-cancel nudging)))))

;; `begun` has a promise a fault: of [entry, what `action/begin!` gave, when], or of nil if it could not begin.
(defrecord ClusterNemesis [cluster schedule begun healed]
  runner/Nemesis
  (setup! [_]
    (cluster/watch! cluster))
  (invoke! [this {:keys [f value] :as op}]
    (assoc op :value
           (merge value
                  (case f
                    :heal-all (heal-all! this)
                    :whole    (whole! this)
                    (if-let [entry (first (filter #(and (= (:fault value) (:id %)) (= f (op-f %))) schedule))]
                      (begin! this entry)
                      (heal! this (:fault value)))))))
  (teardown! [this]
    (when-not @(:ending cluster)
      (heal-all! this))))

(defn nemesis
  "The nemesis that carries out a schedule."
  [cluster schedule]
  (->ClusterNemesis cluster schedule
                    (into {} (for [{:keys [id]} schedule] [id (promise)]))
                    (atom #{})))
