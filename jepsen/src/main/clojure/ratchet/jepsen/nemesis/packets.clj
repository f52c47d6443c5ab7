(ns ratchet.jepsen.nemesis.packets
  "The network between zones: cut, lossy or slow."
  (:require [ratchet.jepsen.cluster :as cluster]
            [ratchet.jepsen.nemesis.action :refer [begin! heal!]]
            [ratchet.jepsen.nemesis.partition :as partition]
            [ratchet.jepsen.nemesis.target :as target]
            [ratchet.jepsen.net :as net]
            [ratchet.jepsen.nodes :as nodes]))

(set! *warn-on-reflection* true)

(defn- zone-of [cluster name]
  (:zone (nodes/named cluster name)))

(defn- zones [cluster]
  (mapv :zone (:zones (:layout cluster))))

(defn- meant
  "The node that the shape is about, or nil."
  [cluster on]
  (case on
    :leader                                (cluster/leader cluster)
    (:owner-from-store :callers-from-owner) (cluster/busiest-owner cluster)
    nil))

(defmethod begin! :partition [cluster {:keys [id on pick]}]
  (let [node  (meant cluster on)
        zones (partition/zones-first pick (zones cluster) (some->> node (zone-of cluster)))]
    (net/trouble! (:net cluster) id {:drops (partition/shape on zones)})
    (cond-> {:zones zones}
      node (assoc :nodes [node]))))

(defn- undo! [cluster {:keys [id]} done]
  (net/trouble! (:net cluster) id nil)
  (select-keys done [:zones :nodes]))

(defmethod heal! :partition [cluster fault done] (undo! cluster fault done))

(defmethod begin! :packets [cluster {:keys [id on pick how percent millis]}]
  (let [zones (target/some-of on pick (zones cluster))
        each  (fn [value] (zipmap zones (repeat value)))]
    (net/trouble! (:net cluster) id
                  (case how
                    :loss  {:loss (each (/ (long percent) 100.0))}
                    :delay {:delay (each millis)}))
    {:zones zones}))

(defmethod heal! :packets [cluster fault done] (undo! cluster fault done))
