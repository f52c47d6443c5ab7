(ns ratchet.jepsen.broken.faults
  "What scenarios do to a cluster beside the harness's own faults.

    :place    has the first `:sections` of the namespace `:space` served by the allocation node `:on`
    :backup   saves the cluster to a file
    :restore  all disks are lost: stops everything, empties the disks and brings the file back, as docs/operating.md says"
  (:require [clojure.java.io :as io]
            [clojure.string :as str]
            [ratchet.jepsen.cluster :as cluster]
            [ratchet.jepsen.layout :as layout]
            [ratchet.jepsen.nemesis.action :refer [begin! heal!]]
            [ratchet.jepsen.nodes :as nodes]
            [ratchet.jepsen.shell :refer [attempt]])
  (:import (dev.ratchet.client ClientConfig RatchetClient)
           (dev.ratchet.proto.message MoveRequest)
           (dev.ratchet.proto.rpc Calls HostPort)
           (java.util List)
           (java.util.concurrent TimeUnit)))

(set! *warn-on-reflection* true)

(defn- must! [{:keys [exit out]}]
  (when-not (zero? (long exit))
    (throw (ex-info (str out) {}))))

(defmethod begin! :place [cluster {:keys [space on sections]}]
  (let [servers ^List (mapv #(HostPort/parse %) (:routers (nodes/endpoints cluster)))]
    (with-open [client (RatchetClient/connect (ClientConfig/of servers))]
      (dotimes [section sections]
        (.get (.admin client Calls/MOVE
                      (MoveRequest. (:token (:layout cluster)) space (int section) (name on)))
              10 TimeUnit/SECONDS))))
  {:nodes [(name on)]})

(defmethod heal! :place [_ _ _] {})

(defn- file [cluster] (str (io/file (:dir (:layout cluster)) "backup.rtk")))

(defmethod begin! :backup [cluster _]
  (must! (cluster/admin! cluster "backup" (file cluster)))
  {})

(defmethod heal! :backup [_ _ _] {})

(defn- names [cluster & roles]
  (for [role roles, node (nodes/all cluster role)] (:name node)))

(defn- await-leader! [cluster]
  (let [end (+ (System/nanoTime) 30000000000)]
    (while (and (nil? (cluster/leader cluster)) (neg? (- (System/nanoTime) end)))
      (Thread/sleep 100))))

(defn- restore! [cluster]
  (let [stores (map #(layout/address % :rpc) (nodes/all cluster :store))]
    (must! (attempt ["env" (str "RATCHET_ADMIN_TOKEN=" (:token (:layout cluster))) "RATCHET_BUILD=never"
                     (str (nodes/home) "/ratchet") "admin" "restore" (file cluster)
                     "--server" (str/join "," stores)]))))

(defn- await-backup!
  "Faults don't wait for each other: waits for the backup, and then until more was issued than it knows."
  [cluster]
  (let [end (+ (System/nanoTime) 60000000000)]
    (while (and (not (.exists (io/file (file cluster)))) (neg? (- (System/nanoTime) end)))
      (Thread/sleep 100)))
  (Thread/sleep 4000))

(defmethod begin! :restore [cluster {:keys [id]}]
  (await-backup! cluster)
  (let [callers (names cluster :router :alloc)
        stores  (names cluster :store)
        all     (vec (concat callers stores))]
    (nodes/hold-down! cluster id all)
    (doseq [store (nodes/all cluster :store)]
      (must! (attempt ["rm" "-rf" (layout/data-dir store)])))
    (nodes/let-up! cluster id stores)
    (await-leader! cluster)
    (restore! cluster)
    (nodes/let-up! cluster id callers)
    {:nodes all}))

(defmethod heal! :restore [cluster {:keys [id]} {:keys [nodes]}]
  (nodes/let-up! cluster id nodes)
  {:nodes nodes})
