(ns ratchet.jepsen.report.bands
  "When which fault was in force, from the nemesis' operations of a history. A fault has one when it begins to be done and
  one when it is done, and the same two for its end; the first and the last of them bound it. One that is never ended lasts as long as the run."
  (:require [clojure.string :as str]))

(set! *warn-on-reflection* true)

(def families
  "Kinds of faults by what they do to a node, with the word for a node's state, in the order in which they are shown."
  [{:family :kill :state "down" :pattern #"kill|crash|stop-node"}
   {:family :pause :state "paused" :pattern #"pause|suspend"}
   {:family :partition :state "cut off" :pattern #"partition|isolate|cut"}
   {:family :packets :state "bad network" :pattern #"packet|loss|delay|reorder|slow|duplicate"}
   {:family :clock :state "clock off" :pattern #"clock|rate|strobe|skew|time"}
   {:family :disk :state "bad disk" :pattern #"disk|full|read-only"}
   {:family :membership :state "maintenance" :pattern #"member|drain|rolling|transfer|move|balance|join|leave|upgrade"}
   {:family :other :state "disturbed" :pattern #".*"}])

(defn family
  "The family of a fault's :f."
  [f]
  (:family (first (filter #(re-find (:pattern %) (name f)) families))))

(defn state
  "The word for a node's state under a family's faults."
  [kind]
  (:state (first (filter #(= kind (:family %)) families))))

(def ^:private ends
  "What ends faults whose end is not called heal-<fault>."
  {:restart #{:kill} :start #{:kill} :resume #{:pause} :undrain #{:drain} :rejoin #{:member}})

(defn- ends-all? [f]
  (contains? #{:heal :heal-all :reset} f))

(defn- ends?
  "Does an operation called f end the fault called fault, where no id says so?"
  [f fault]
  (or (ends-all? f)
      (contains? (ends f #{}) fault)
      (str/starts-with? (str (symbol f)) (str "heal-" (name fault)))
      (= (name f) (str "un" (name fault)))))

(defn- ending?
  "Is f an operation that ends faults, whatever they are?"
  [f]
  (or (ends-all? f) (contains? ends f) (str/starts-with? (name f) "heal") (str/starts-with? (name f) "un")))

(defn- value-of [op]
  (when (map? (:value op)) (:value op)))

(defn- open [op]
  (let [value (value-of op)]
    {:fault (:fault value)
     :f (:f op)
     :family (family (:f op))
     :on (:on value)
     :nodes (vec (sort (map str (:nodes value))))
     :from (:time op)
     :done nil
     :to nil
     :lasting? (not (false? (:lasting? value)))}))

(defn- same? [op band]
  (let [id (:fault (value-of op))]
    (if (and (some? id) (some? (:fault band)))
      (= id (:fault band))
      (and (nil? id) (or (= (:f op) (:f band)) (ends? (:f op) (:f band)))))))

(defn- with-nodes [band op]
  (if (and (empty? (:nodes band)) (seq (:nodes (value-of op))))
    (assoc band :nodes (vec (sort (map str (:nodes (value-of op))))))
    band))

(defn- advance
  "A band after an operation that is its own: done when its own f comes again, healing when another one does."
  [band op]
  (cond
    (and (= (:f op) (:f band)) (nil? (:to band))) (with-nodes (assoc band :done (:time op)) op)
    (= (:f op) (:f band)) band
    :else (assoc band :to (:time op))))

(defn- index-of-own
  "Where the band is that an operation belongs to: the newest one. Ends without an id belong to all that they end."
  [bands op]
  (last (keep-indexed (fn [i band] (when (same? op band) i)) bands)))

(defn- step [bands op]
  (let [id (:fault (value-of op))
        own (index-of-own bands op)]
    (cond
      (and (nil? id) (ending? (:f op)))
      (mapv #(if (and (ends? (:f op) (:f %)) (or (nil? (:to %)) (:ended-by-all? %)))
               (assoc % :to (:time op) :ended-by-all? true)
               %)
            bands)
      (nil? own) (if (ending? (:f op)) bands (conj bands (open op)))
      ;; The third operation of that name without an id begins a fault anew.
      (and (nil? id) (= (:f op) (:f (bands own))) (:done (bands own))) (conj bands (open op))
      :else (update bands own advance op))))

(defn of
  "Bands of a history's nemesis operations, in time order: {:fault :f :family :on :nodes :from :to :healed?}, times in nanoseconds.
  `last-time` is when the run ended. A fault that is over when it is done (:lasting? false in its value) ends then."
  [ops last-time]
  (->> (reduce step [] ops)
       (map (fn [{:keys [from done to lasting?] :as band}]
              (let [end (or to (when-not lasting? done))]
                (-> band
                    (assoc :to (max from (or end last-time)) :healed? (some? end))
                    (dissoc :done :lasting? :ended-by-all?)))))
       (sort-by (juxt :from :to))
       vec))

(defn rows
  "Bands parted into as few rows as possible so that in none two overlap; bands must be in time order."
  [bands]
  (reduce (fn [rows band]
            (if-let [i (first (keep-indexed (fn [i row] (when (<= (:to (peek row)) (:from band)) i)) rows))]
              (update rows i conj band)
              (conj rows [band])))
          []
          bands))

(defn merged
  "Intervals [from to] that the bands cover together."
  [bands]
  (reduce (fn [out {:keys [from to]}]
            (let [[start end] (peek out)]
              (if (and end (<= from end))
                (conj (pop out) [start (max end to)])
                (conj out [from to]))))
          []
          (sort-by :from bands)))

(defn touches?
  "Does a band concern a node? Bands may name nodes or whole zones."
  [band {:keys [name zone]}]
  (boolean (some #(or (= % name) (and zone (= % zone))) (:nodes band))))
