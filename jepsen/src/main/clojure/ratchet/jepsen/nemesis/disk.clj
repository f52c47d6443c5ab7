(ns ratchet.jepsen.nemesis.disk
  "Disks of store nodes that fill up or turn read-only. The node halts sooner or later, as it should; once
  the disk is well again, it is started."
  (:require [ratchet.jepsen.cluster :as cluster]
            [ratchet.jepsen.disk :as disk]
            [ratchet.jepsen.layout :as layout]
            [ratchet.jepsen.nemesis.action :as action :refer [begin! heal!]]
            [ratchet.jepsen.nodes :as nodes]))

(set! *warn-on-reflection* true)

(defn- folder [cluster name]
  (layout/data-dir (nodes/named cluster name)))

(defmethod begin! :disk [cluster {:keys [id how] :as fault}]
  (let [names (action/nodes cluster fault)]
    (nodes/doom! cluster id names)
    (doseq [name names]
      (case how
        :full      (disk/fill! (folder cluster name))
        :read-only (disk/break! (folder cluster name))))
    {:nodes names}))

(defmethod heal! :disk [cluster {:keys [id how]} {:keys [nodes]}]
  (let [halted (filterv #(not (nodes/alive? cluster %)) nodes)]
    (doseq [name nodes]
      (nodes/with-node-down! cluster name
        #(case how
           :full      (disk/free! (folder cluster name))
           :read-only (disk/repair! (folder cluster name)))))
    (nodes/absolve! cluster id nodes)
    (cluster/await-ready! cluster nodes)
    {:nodes nodes :halted halted}))
