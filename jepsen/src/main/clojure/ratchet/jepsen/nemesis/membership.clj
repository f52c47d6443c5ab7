(ns ratchet.jepsen.nemesis.membership
  "What operators do while the cluster serves: store nodes replaced, leaders handed over, allocation nodes drained."
  (:require [clojure.string :as str]
            [ratchet.jepsen.cluster :as cluster]
            [ratchet.jepsen.layout :as layout]
            [ratchet.jepsen.nemesis.action :as action :refer [begin! heal!]]
            [ratchet.jepsen.nodes :as nodes]))

(set! *warn-on-reflection* true)

(defn- said
  "What a command wrote, if it failed: other faults may well be in its way."
  [{:keys [exit out]}]
  (when-not (zero? (long exit))
    {:refused (last (str/split-lines (str "exit " exit "\n" out)))}))

(defn- transfer! [cluster name]
  (said (cluster/admin! cluster "transfer" name)))

(defn- remove! [cluster name]
  (said (cluster/admin! cluster "member" "remove" name "--wait-seconds" "15")))

(defn- add! [cluster name seconds]
  (let [{:keys [zone] :as node} (nodes/named cluster name)]
    (said (cluster/admin! cluster "member" "add" name zone
                          (layout/address node :rpc) (layout/address node :raft) "--wait-seconds" (str seconds)))))

(defmethod begin! :membership [cluster {:keys [how] :as fault}]
  (let [[name :as names] (action/nodes cluster fault)]
    {:nodes names
     :task  (future
              (case how
                :transfer (transfer! cluster name)
                :replace  (or (remove! cluster name)
                              (do (nodes/renew-store! cluster name)
                                  (add! cluster name 15)))))}))

(defmethod heal! :membership [_ _ {:keys [nodes task]}]
  (merge {:nodes nodes} (some-> task deref)))

(defn member?
  "Whether a store node is a member, as far as is known."
  [cluster name]
  (let [{:keys [stores] :as status} (cluster/status cluster)]
    (or (nil? status) (contains? stores name))))

(defn rejoin!
  "Brings back store nodes that were removed and could not be added, in whatever state they are."
  [cluster]
  (doseq [{:keys [name]} (nodes/all cluster :store)
          :when (not (member? cluster name))]
    ;; A node that was removed while it was away may still believe that it is one.
    (when-not (nodes/joining? cluster name)
      (nodes/renew-store! cluster name))
    (add! cluster name 30)))

(defmethod begin! :drain [cluster fault]
  (let [names (action/nodes cluster fault)]
    {:nodes names
     :task  (future (said (cluster/admin! cluster "drain" (first names) "--wait-seconds" "10")))}))

(defmethod heal! :drain [cluster _ {:keys [nodes task]}]
  (let [refused (some-> task deref)]
    (cluster/admin! cluster "drain" (first nodes) "--undo")
    (merge {:nodes nodes} refused)))

(defn undrain!
  "Lets all nodes take sections again."
  [cluster]
  (doseq [[name {:keys [drained]}] (:allocs (cluster/status cluster)) :when drained]
    (cluster/admin! cluster "drain" name "--undo")))
