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

(defn- member?
  "Whether a store node is a member; nil while nobody knows."
  [cluster name]
  (when-let [{:keys [stores]} (cluster/status cluster)]
    (contains? stores name)))

(defn- rejoin-one!
  "Brings back a store node that was removed, in whatever state it is. Gives what is in the way."
  [cluster name]
  (try
    ;; A node that was removed while it was away may still believe that it is one.
    (when-not (nodes/joining? cluster name)
      (nodes/renew-store! cluster name))
    (let [refused (add! cluster name 30)]
      ;; It was replaced before, and has served since.
      (if (some->> (:refused refused) (re-find #"data of another life"))
        (do (nodes/renew-store! cluster name)
            (add! cluster name 30))
        refused))
    (catch Exception e {:refused (first (str/split-lines (str (ex-message e))))})))

(defn rejoin!
  "Brings back the store nodes that were removed and could not be added."
  [cluster]
  (doseq [{:keys [name]} (nodes/all cluster :store)
          :when (false? (member? cluster name))]
    (rejoin-one! cluster name)))

(def ^:private patience-nanos
  "How long an operator goes on with a replacement that other faults are in the way of."
  90000000000)

(defn- replace!
  "Replaces a store node by itself with an empty disk, and goes on until it is a member again: between the two there is one
  store node less that may be lost. Gives what was in the way at last."
  [cluster name]
  (let [end     (+ (System/nanoTime) (long patience-nanos))
        refused (remove! cluster name)]
    (loop [refused (or refused (rejoin-one! cluster name)), looks 0]
      (let [member (member? cluster name)]
        (cond
          ;; A removal that got no answer may still be carried out.
          (and member (pos? looks)) nil
          (or @(:ending cluster) (neg? (- end (System/nanoTime)))) (or refused {:refused "it is no member yet"})
          (false? member) (recur (rejoin-one! cluster name) 0)
          :else (do (Thread/sleep 1000)
                    (recur refused (if member (inc looks) 0))))))))

(defmethod begin! :membership [cluster {:keys [id how] :as fault}]
  (let [[name :as names] (action/nodes cluster fault)]
    ;; Started in between by another fault, it is refused, and ends.
    (when (= :replace how)
      (nodes/doom! cluster id names))
    {:nodes names
     :task  (future
              (case how
                :transfer (transfer! cluster name)
                :replace  (try
                            (replace! cluster name)
                            (finally (nodes/absolve! cluster id names)))))}))

(defmethod heal! :membership [_ _ {:keys [nodes task]}]
  (merge {:nodes nodes} (some-> task deref)))

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
