(ns ratchet.jepsen.faults
  "What goes wrong in a run, and when: a schedule. It is data, comes from a seed, prints, and replays.

      {:id 3, :at 9200, :for 4000, :f :kill, :role :store, :on :leader, :pick 1881}

  From `:at` to `:at` + `:for`, in milliseconds of the run, `:f` is done to `:on`. What that is at the time (who
  leads?) is found out then; where there is a choice, `:pick` decides it, so that a replay chooses the same."
  (:require [clojure.edn :as edn]
            [clojure.string :as str])
  (:import (java.util Random)))

(set! *warn-on-reflection* true)

;; Kinds. Each names its targets, the fields of its own, and what it takes; `:make` draws one.

(defn- choose [^Random random coll]
  (nth coll (.nextInt random (count coll))))

(defn- between [^Random random from to]
  (+ (long from) (.nextInt random (inc (- (long to) (long from))))))

(def ^:private groups [:one :minority :majority :all])

(def ^:private roles #{:store :alloc :router})

(defn- hits-nodes
  "Draws a role and a target that goes with it: stores have a leader, allocation nodes owners."
  [random]
  (let [role (choose random [:store :store :alloc :alloc :alloc :router])]
    {:role role
     :on   (choose random (case role
                            :store  (conj groups :leader :leader)
                            :alloc  (conj groups :owner :owner)
                            :router [:one :all]))}))

(def ^:private node-targets #{:one :minority :majority :all :leader :owner})

(defn- whole-number? [low high]
  (fn [value] (and (integer? value) (<= low value high))))

(def kinds
  "All kinds of faults. `:needs` are what a machine must have for them: see `preflight`."
  (array-map
    :kill
    {:doc     "processes are killed, and started again at the end"
     :on      node-targets
     :fields  {:role [roles "one of :store :alloc :router"]}
     :make    (fn [random] (assoc (hits-nodes random) :for (between random 1000 6000)))}
    :pause
    {:doc     "processes are frozen for longer than a lease, and go on at the end"
     :on      node-targets
     :fields  {:role [roles "one of :store :alloc :router"]}
     :make    (fn [random] (assoc (hits-nodes random) :for (between random 3000 7000)))}
    :partition
    {:doc     "zones don't hear each other"
     :on      #{:one :halves :ring :bridge :one-way :leader :owner-from-store :callers-from-owner}
     :needs   #{:net}
     :make    (fn [random]
                {:on  (choose random [:one :halves :ring :bridge :one-way :leader :leader
                                      :owner-from-store :owner-from-store :callers-from-owner])
                 :for (between random 3000 9000)})}
    :packets
    {:doc     "packets are lost, or come late"
     :on      #{:one :minority :majority :all}
     :needs   #{:net :tc}
     :fields  {:how     [#{:loss :delay} "one of :loss :delay"]
               :percent [(whole-number? 1 100) "from 1 to 100"]
               :millis  [(whole-number? 1 10000) "from 1 to 10000"]}
     :make    (fn [random]
                (merge {:on (choose random groups) :for (between random 3000 8000)}
                       (if (zero? (long (between random 0 1)))
                         {:how :loss :percent (choose random [2 10 25 50])}
                         {:how :delay :millis (choose random [20 100 300])})))}
    :clock
    {:doc     "the time of day jumps, once or all the time"
     :on      node-targets
     :needs   #{:faketime}
     :fields  {:role   [roles "one of :store :alloc :router"]
               :how    [#{:jump :strobe} "one of :jump :strobe"]
               :millis [(whole-number? -100000000000 100000000000) "a number of milliseconds"]}
     :make    (fn [random]
                (let [sign (choose random [1 -1])]
                  (merge (hits-nodes random)
                         {:for (between random 2000 6000)}
                         (if (zero? (long (between random 0 1)))
                           {:how :jump :millis (* sign (long (choose random [100 2000 60000 86400000])))}
                           {:how :strobe :millis (* sign (long (choose random [200 3000 3600000])))}))))}
    :rate
    {:doc     "a node's clocks, the monotonic one too, are off by as much as promises allow for; it is restarted for that"
     :on      #{:one :leader :owner}
     :needs   #{:faketime :net}
     :fields  {:role [roles "one of :store :alloc :router"]
               :rate [#(and (number? %) (<= 0.9 % 1.11)) "from 0.9 to 1.11"]}
     :make    (fn [random]
                (let [role (choose random [:store :alloc :alloc])]
                  {:role role
                   :on   (choose random (if (= :store role) [:one :leader] [:one :owner]))
                   :rate (choose random [0.9 1.11])
                   :for  (between random 6000 12000)}))}
    :slow
    {:doc     "an owner's clocks go at a tenth of their rate: outside of what lease mode allows for; strict namespaces must hold"
     :on      #{:one :owner}
     :needs   #{:faketime :net}
     :fields  {:role [#{:alloc} ":alloc"]
               :rate [#(and (number? %) (<= 0.05 % 1)) "from 0.05 to 1"]}
     :make    (fn [random] {:role :alloc :on :owner :rate 0.1 :for (between random 10000 16000)})}
    :disk
    {:doc     "a store node's disk is full, or turns read-only; the node halts, and is started again once that is over"
     :on      #{:one :minority :leader}
     :needs   #{:disk}
     :fields  {:role [#{:store} ":store"]
               :how  [#{:full :read-only} "one of :full :read-only"]}
     :make    (fn [random]
                {:role :store :on (choose random [:one :minority :leader])
                 :how (choose random [:full :read-only])
                 ;; A full disk shows when something asks for space: at a snapshot at the latest.
                 :for (between random 6000 24000)})}
    :membership
    {:doc     "the store's leader hands over; or a store node is removed, and added again with an empty disk"
     :on      #{:one :leader}
     :fields  {:role [#{:store} ":store"]
               :how  [#{:transfer :replace} "one of :transfer :replace"]}
     :make    (fn [random]
                (if (zero? (long (between random 0 2)))
                  {:role :store :on :one :how :transfer :for 1000}
                  {:role :store :on (choose random [:one :leader]) :how :replace :for (between random 8000 12000)}))}
    :drain
    {:doc     "an allocation node hands its sections over, and takes them again at the end"
     :on      #{:one :owner}
     :fields  {:role [#{:alloc} ":alloc"]}
     :make    (fn [random] {:role :alloc :on (choose random [:one :owner]) :for (between random 3000 6000)})}
    :rolling
    {:doc     "all nodes of a role are stopped and started, one after the other"
     :on      #{:all}
     :fields  {:role [roles "one of :store :alloc :router"]}
     :make    (fn [random] {:role (choose random [:store :alloc :alloc :router]) :on :all :for (between random 6000 10000)})}))

;; From a seed.

(def ^:private calm-at-start 3000)
(def ^:private calm-at-end 1000)

(defn- waves
  "Endless: which kinds go wrong together. Each kind gets its turn before any gets another one; one wave in four has
  two kinds, one in eight has all."
  [^Random random kinds]
  (let [shuffled (fn [] (let [list (java.util.ArrayList. ^java.util.Collection kinds)]
                          (java.util.Collections/shuffle list random)
                          (vec list)))
        turn     (fn turn []
                   (lazy-seq
                     (concat
                       (loop [left (shuffled), waves []]
                         (if (empty? left)
                           waves
                           (let [together (if (< (.nextInt random 4) 1) 2 1)]
                             (recur (drop together left) (conj waves (vec (take together left)))))))
                       (when (and (< 1 (count kinds)) (.nextBoolean random))
                         [(shuffled)])
                       (turn))))]
    (turn)))

(defn- entry [^Random random kind at]
  (merge {:f kind :at (+ (long at) (long (between random 0 1200))) :pick (.nextInt random 10000)}
         ((:make (kinds kind)) random)))

(defn- end [{:keys [at] lasts :for}] (+ (long at) (long lasts)))

(defn schedule
  "The schedule of a seed: so many milliseconds of those kinds of faults. Waves of one, two or all of them, with calm
  between most."
  [{:keys [seed time-ms faults]}]
  (let [random (Random. (long seed))
        last   (- (long time-ms) (long calm-at-end))
        ;; In the order of the table, so that the order on the command line changes nothing.
        faults (filterv (set faults) (keys kinds))]
    (if (empty? faults)
      []
      (loop [at calm-at-start, waves (waves random faults), entries []]
        (let [wave (mapv #(entry random % at) (first waves))
              wave (filterv #(<= (long (end %)) last) wave)
              over (reduce max at (map end wave))
              next (+ (long over) (long (between random 1500 5000)))]
          (if (or (>= (long at) last) (> (count entries) 100000))
            (vec (map-indexed #(assoc %2 :id %1) (sort-by :at entries)))
            (recur next (rest waves) (into entries wave))))))))

;; Files.

(def ^:private order [:id :at :for :f :role :on :how :percent :millis :rate :pick])

(defn- entry-text [entry]
  (str "{" (str/join ", " (for [field order :when (contains? entry field)]
                            (str (pr-str field) " " (pr-str (get entry field)))))
       "}"))

(defn print-schedule
  "The schedule as text that `parse` reads, an entry a line."
  [schedule]
  (if (empty? schedule)
    "[]\n"
    (str "[" (str/join "\n " (map entry-text schedule)) "]\n")))

(defn- names [ks] (str/join " " (sort (map pr-str ks))))

(defn- entry-problems [{:keys [id at f on pick role] lasts :for :as entry}]
  (if-not (map? entry)
    ["is no map"]
    (let [{targets :on fields :fields :as kind} (get kinds f)
          known (concat [:id :at :for :f :on :pick] (keys fields))]
      (cond-> []
        (not (nat-int? id))            (conj ":id must be a whole number, from 0")
        (not (nat-int? at))            (conj ":at must be a number of milliseconds, from 0")
        (not (nat-int? lasts))         (conj ":for must be a number of milliseconds, from 0")
        (and (some? pick)
             (not (nat-int? pick)))    (conj ":pick must be a whole number, from 0")
        (nil? kind)                    (conj (str ":f " (pr-str f) " is no fault; there are " (names (keys kinds))))
        (and kind
             (not (contains? targets on))) (conj (str ":on " (pr-str on) " is no target of " f "; there are " (names targets)))
        (and kind (= :leader on) role
             (not= :store role))       (conj (str ":on :leader goes with :role :store"))
        (and kind (= :owner on) role
             (not= :alloc role))       (conj (str ":on :owner goes with :role :alloc"))
        (and (:role fields)
             (nil? role))              (conj (str ":role is missing, " (second (:role fields))))
        (and (:how fields)
             (nil? (:how entry)))      (conj (str ":how is missing, " (second (:how fields))))
        (and (= :packets f) (= :loss (:how entry))
             (nil? (:percent entry)))  (conj ":percent is missing")
        (and (= :packets f) (= :delay (:how entry))
             (nil? (:millis entry)))   (conj ":millis is missing")
        (and (= :clock f)
             (nil? (:millis entry)))   (conj ":millis is missing")
        (and (:rate fields)
             (nil? (:rate entry)))     (conj ":rate is missing")
        kind (into (for [field (remove (set known) (keys entry))]
                     (str (pr-str field) " is no field of " f "; there are " (names known))))
        kind (into (for [[field [valid? says]] fields
                          :let [value (get entry field)]
                          :when (and (some? value) (not (valid? value)))]
                     (str (pr-str field) " must be " says ", not " (pr-str value))))))))

(defn problems
  "What is wrong with a schedule, as texts; none if it can be carried out."
  [schedule]
  (if-not (vector? schedule)
    ["a schedule is a vector of maps, [{:id 0, :at 3000, :for 2000, :f :kill, :role :store, :on :leader} ...]"]
    (concat
      (for [[place entry] (map-indexed vector schedule), problem (entry-problems entry)]
        (str "entry " (inc (long place)) (when (and (map? entry) (:id entry)) (str " (:id " (:id entry) ")")) ": " problem))
      (for [[id times] (frequencies (keep #(when (map? %) (:id %)) schedule)) :when (< 1 (long times))]
        (str ":id " id " is there " times " times")))))

(defn parse
  "The schedule that a text says. Throws, with `:problems`, when it says none."
  [text]
  (let [fail (fn [problems] (throw (ex-info (str/join "\n" problems) {:kind :usage :problems problems})))
        read (try
               (let [reader (java.io.PushbackReader. (java.io.StringReader. text))
                     read   (edn/read {:eof ::nothing} reader)
                     more   (edn/read {:eof ::nothing} reader)]
                 (cond
                   (= ::nothing read)      (fail ["it is empty"])
                   (not= ::nothing more)   (fail ["there is more after the schedule's end"])
                   :else                   read))
               (catch clojure.lang.ExceptionInfo e (throw e))
               (catch RuntimeException e
                 (fail [(str "it is no EDN: " (ex-message e))])))
        wrong (problems read)]
    (if (seq wrong)
      (fail (vec wrong))
      (vec (sort-by :at read)))))

(defn needs
  "What a machine must have for these kinds of faults."
  [faults]
  (into #{} (mapcat #(:needs (kinds %))) faults))

(defn faults-of
  "The kinds of faults in a schedule."
  [schedule]
  (set (map :f schedule)))
