(ns ratchet.jepsen.report.bands
  "When which fault was in force, and where: bands of time to shade charts with and to fill lanes."
  (:require [ratchet.jepsen.effects :as effects]
            [ratchet.jepsen.history :as history]))

(set! *warn-on-reflection* true)

(def families
  "Kinds of faults by what they do to a node, with the word for a node's state, in the order in which they are shown."
  [{:family :kill :state "down" :pattern #"kill"}
   {:family :pause :state "paused" :pattern #"pause"}
   {:family :partition :state "cut off" :pattern #"partition"}
   {:family :packets :state "lossy" :pattern #"packet"}
   {:family :clock :state "clock" :pattern #"clock"}
   {:family :disk :state "disk" :pattern #"disk"}
   {:family :operator :state "upkeep" :pattern #"member|drain|rolling|restart|transfer|move|balance"}
   {:family :other :state "disturbed" :pattern #""}])

(defn family
  "The family of a fault's :f."
  [f]
  (:family (first (filter #(re-find (:pattern %) (name f)) families))))

(defn state
  "The word for a node's state under a family's faults."
  [kind]
  (:state (first (filter #(= kind (:family %)) families))))

(defn- lasting? [f]
  (:lasting (effects/of effects/table f)))

(defn- zones-of [nodes hit]
  (distinct (keep :zone (filter #(contains? hit (:name %)) nodes))))

(defn- band [last-time nodes {:keys [id f from to value ops] :as fault}]
  (let [hit (effects/hit (map :name nodes) fault)]
    {:fault id
     :f f
     :family (family f)
     :on (:on value)
     :nodes (set hit)
     ;; Faults of the network hit zones, the others nodes.
     :where (vec (sort (or (seq (:nodes value)) (seq (zones-of nodes hit)) hit)))
     :from from
     :to (max (long from) (long to))
     :healed? (not (and (lasting? f) (every? #(= f (:f %)) ops) (= to last-time)))}))

(defn of
  "Bands of a history's nemesis operations, in time order: {:fault :f :family :on :nodes :where :from :to :healed?}, times in nanoseconds.
  :nodes are names of the `nodes`, {:name :zone}, that it hits, and :where says the same as shortly as may be. A fault that lasts and was
  never ended goes on to `last-time`, when the run ended."
  [ops last-time nodes]
  (->> (history/faults ops last-time lasting?)
       (map (partial band last-time nodes))
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
