(ns ratchet.jepsen.nemesis.clock
  "Times of day that jump, and clocks that go too fast or too slowly."
  (:require [ratchet.jepsen.clocks :as clocks]
            [ratchet.jepsen.cluster :as cluster]
            [ratchet.jepsen.nemesis.action :as action :refer [begin! heal!]]
            [ratchet.jepsen.nodes :as nodes]))

(set! *warn-on-reflection* true)

(def ^:private strobe-millis 100)

(defn- wall-of
  "The clock of a node whose time of day can be set, or nil while it has another one."
  [cluster name]
  (let [clock (nodes/clock cluster name)]
    (when (= :wall (:kind clock)) clock)))

(defn- set-all! [cluster names millis]
  (run! #(clocks/set-wall! % millis) (keep #(wall-of cluster %) names)))

(defn- strobe! [cluster names millis on?]
  (future
    (loop [offset millis]
      (when @on?
        (set-all! cluster names offset)
        (Thread/sleep (long strobe-millis))
        (recur (if (= offset millis) 0 millis))))
    (set-all! cluster names 0)))

(defmethod begin! :clock [cluster {:keys [how millis] :as fault}]
  (let [names (action/nodes cluster fault)]
    (case how
      :jump   (do (set-all! cluster names millis)
                  {:nodes names})
      :strobe (let [on? (atom true)]
                {:nodes names :on? on? :task (strobe! cluster names millis on?)}))))

(defmethod heal! :clock [cluster _ {:keys [nodes on? task]}]
  (some-> on? (reset! false))
  (some-> task deref)
  (set-all! cluster nodes 0)
  {:nodes nodes})

;; A rate holds for a process's whole life, so the node is restarted: gracefully, since the fault is the clock.

(defn- rate! [cluster {:keys [rate] :as fault}]
  (let [names (vec (remove #(= :rate (:kind (nodes/clock cluster %)))
                           (action/nodes cluster fault)))]
    (doseq [name names]
      (nodes/change-clock! cluster name nodes/stop! rate))
    ;; It begins once they serve.
    (cluster/await-ready! cluster names)
    {:nodes names}))

(defn- unrate! [cluster _ {:keys [nodes]}]
  (doseq [name nodes]
    (nodes/change-clock! cluster name nodes/kill! nil))
  (cluster/await-ready! cluster nodes)
  {:nodes nodes})

(defmethod begin! :rate [cluster fault] (rate! cluster fault))
(defmethod heal! :rate [cluster fault done] (unrate! cluster fault done))
(defmethod begin! :slow [cluster fault] (rate! cluster fault))
(defmethod heal! :slow [cluster fault done] (unrate! cluster fault done))
