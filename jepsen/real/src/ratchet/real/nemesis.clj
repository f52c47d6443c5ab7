(ns ratchet.real.nemesis
  "The harness's nemesis as one of Jepsen's; and one that carries the same schedules out over SSH, as far as Jepsen's own means go."
  (:require [clojure.set :as set]
            [clojure.tools.logging :refer [warn]]
            [jepsen.nemesis :as nemesis]
            [jepsen.net :as net]
            [ratchet.jepsen.cluster :as cluster]
            [ratchet.jepsen.nemesis.partition :as partition]
            [ratchet.jepsen.nemesis.target :as target]
            [ratchet.jepsen.runner :as runner]
            [ratchet.real.db :as db]))

(defrecord Wrapped [make inner]
  nemesis/Nemesis
  (setup! [_ _]
    (let [inner (make)]
      (runner/setup! inner)
      (->Wrapped make inner)))
  (invoke! [_ _ op] (runner/invoke! inner op))
  (teardown! [_ _] (some-> inner runner/teardown!)))

(defn wrapped
  "A nemesis of the harness; `make` makes it, once there is a cluster."
  [make]
  (->Wrapped make nil))

;; Over SSH. What the faults under way do together is a value; a change of it is carried out.

(defn supported?
  "Can an entry of a schedule be carried out over SSH? Cuts of single ports, disks, clocks and membership can't: those need the
  cluster of the harness."
  [{:keys [f on]}]
  (or (contains? #{:kill :pause :packets} f)
      (and (= :partition f) (contains? #{:one :halves :ring :bridge :one-way :leader} on))))

(defn carried-out
  "The entries of a schedule that can be carried out over SSH; says which are left out."
  [schedule]
  (doseq [entry (remove supported? schedule)]
    (warn "left out, since it needs a cluster in network namespaces:" (pr-str entry)))
  (filterv supported? schedule))

(defn grudge
  "The drops of a partition as Jepsen has them: host to the hosts that it hears nothing from."
  [host-of drops]
  (reduce (fn [grudge {:keys [at peer]}] (update grudge (host-of at) (fnil conj #{}) (host-of peer)))
          {} drops))

(defn effect
  "What a fault does, and what of it goes into the history: [effect told]."
  [{:keys [f on pick role how percent millis] :as entry} {:keys [layout]} finders]
  (let [{:keys [nodes zones]} @layout
        zones   (mapv :zone zones)
        host-of (into {} (map (juxt :zone :host)) nodes)
        names   (delay (target/nodes entry (map :name (filter #(= role (:role %)) nodes)) finders))]
    (case f
      :kill      [{:down (set @names)} {:nodes @names}]
      :pause     [{:paused (set @names)} {:nodes @names}]
      :partition (let [leader (when (= :leader on) ((:leader finders)))
                       first-zone (:zone (first (filter #(= leader (:name %)) nodes)))
                       zones (partition/zones-first pick zones first-zone)]
                   [{:grudge (grudge host-of (partition/shape on zones))}
                    (cond-> {:zones zones} leader (assoc :nodes [leader]))])
      :packets   (let [zones (target/some-of on pick zones)]
                   [{:packets [(mapv host-of zones)
                               (case how
                                 :loss  {:loss {:percent (keyword (str percent "%"))}}
                                 :delay {:delay {:time (keyword (str millis "ms"))}})]}
                    {:zones zones}]))))

(defn together
  "The effects of all faults under way. Of several for packets the newest holds."
  [effects]
  {:down    (into #{} (mapcat :down) effects)
   :paused  (into #{} (mapcat :paused) effects)
   :grudge  (apply merge-with into {} (keep :grudge effects))
   :packets (last (keep :packets effects))})

(defn- change! [test before after]
  (let [act! (fn [action names] (when (seq names) (db/act! test action names)))]
    (act! :kill (set/difference (:down after) (:down before)))
    (act! :start (set/difference (:down before) (:down after)))
    (act! :pause (set/difference (:paused after) (:paused before)))
    (act! :resume (set/difference (:paused before) (:paused after)))
    (when (not= (:grudge before) (:grudge after))
      (net/heal! (:net test) test)
      (when (seq (:grudge after)) (net/drop-all! test (:grudge after))))
    (when (not= (:packets before) (:packets after))
      (let [[hosts behaviour] (:packets after)]
        (net/shape! (:net test) test hosts behaviour)))))

(defn- finders [{:keys [layout]}]
  {:leader #(cluster/leader {:layout @layout})
   :owner  #(cluster/busiest-owner {:layout @layout})})

(defn- become!
  "From now on these faults are under way: id to [effect told], a sorted map."
  [test state faults]
  (let [before (together (map first (vals @state)))]
    (change! test before (together (map first (vals faults))))
    (reset! state faults)))

(defn- invoke [schedule state test {:keys [f value] :as op}]
  (let [id    (:fault value)
        entry (first (filter #(= id (:id %)) schedule))]
    (cond
      (= :heal-all f)        (let [healed (vec (keys @state))]
                               (become! test state (sorted-map))
                               (assoc-in op [:value :healed] healed))
      (contains? @state id)  (let [[_ told] (get @state id)
                                   start    (System/nanoTime)]
                               (become! test state (dissoc @state id))
                               (update op :value merge told
                                       {:healed true, :took (quot (- (System/nanoTime) start) 1000000)}))
      :else                  (let [[_ told :as done] (effect entry test (finders test))]
                               (become! test state (assoc @state id done))
                               (update op :value merge told)))))

(defrecord OverSsh [schedule state]
  nemesis/Nemesis
  (setup! [this _] this)
  (invoke! [_ test op] (invoke schedule state test op))
  (teardown! [_ test] (become! test state (sorted-map))))

(defn over-ssh
  "The nemesis that carries out a schedule over SSH."
  [schedule]
  (->OverSsh schedule (atom (sorted-map))))
