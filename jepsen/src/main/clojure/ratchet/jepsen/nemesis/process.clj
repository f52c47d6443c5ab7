(ns ratchet.jepsen.nemesis.process
  "Processes are killed, frozen, and restarted one after the other."
  (:require [ratchet.jepsen.cluster :as cluster]
            [ratchet.jepsen.nemesis.action :as action :refer [begin! heal!]]
            [ratchet.jepsen.nodes :as nodes]))

(set! *warn-on-reflection* true)

(defmethod begin! :kill [cluster fault]
  (let [names (action/nodes cluster fault)]
    (nodes/hold-down! cluster (:id fault) names)
    {:nodes names}))

(defmethod heal! :kill [cluster fault {:keys [nodes]}]
  ;; It is over once they serve.
  (nodes/let-up! cluster (:id fault) nodes)
  (cluster/await-ready! cluster nodes)
  {:nodes nodes})

(defmethod begin! :pause [cluster fault]
  (let [names (action/nodes cluster fault)]
    (nodes/pause! cluster (:id fault) names)
    {:nodes names}))

(defmethod heal! :pause [cluster fault {:keys [nodes]}]
  (nodes/resume! cluster (:id fault) nodes)
  {:nodes nodes})

;; One thread goes from node to node; the heal waits for it.
(defmethod begin! :rolling [cluster {:keys [role]}]
  (let [names (mapv :name (nodes/all cluster role))]
    {:nodes names
     :task  (future
              (doseq [name names]
                (nodes/restart! cluster name nodes/stop!)
                (cluster/await-ready! cluster [name])))}))

(defmethod heal! :rolling [_ _ {:keys [nodes task]}]
  (some-> task deref)
  {:nodes nodes})
