(ns ratchet.jepsen.nemesis.action
  "What each kind of fault does: a method of `begin!` and one of `heal!` a kind."
  (:require [ratchet.jepsen.cluster :as cluster]
            [ratchet.jepsen.nemesis.target :as target]
            [ratchet.jepsen.nodes :as nodes]))

(set! *warn-on-reflection* true)

(defmulti begin!
  "Does what the fault says. Gives what was done in fact, such as `{:nodes [\"store-2\"]}`."
  (fn [_cluster fault] (:f fault)))

(defmulti heal!
  "Ends it; `done` is what `begin!` gave. Must work at any time, twice too, and whatever became of the nodes."
  (fn [_cluster fault _done] (:f fault)))

(defn nodes
  "Names of the nodes that a fault means now."
  [cluster {:keys [role] :as fault}]
  (target/nodes fault (map :name (nodes/all cluster role))
                {:leader #(cluster/leader cluster)
                 :owner  #(cluster/busiest-owner cluster)}))
