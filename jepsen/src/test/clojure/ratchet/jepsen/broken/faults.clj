(ns ratchet.jepsen.broken.faults
  "What scenarios do to a cluster beside the harness's own faults.

    :place    has the first `:sections` of the namespace `:space` served by the allocation node `:on`
    :backup   saves the cluster to a file
    :restore  all disks are lost: stops everything, empties the disks and brings the file back, as docs/operating.md says"
  (:require [clojure.java.io :as io]
            [clojure.string :as str]
            [ratchet.jepsen.layout :as layout]
            [ratchet.jepsen.nemesis.action :refer [begin! heal!]]
            [ratchet.jepsen.nodes :as nodes]
            [ratchet.jepsen.shell :refer [sh]])
  (:import (dev.ratchet.cli Ratchet)
           (dev.ratchet.client ClientConfig RatchetClient)
           (dev.ratchet.proto.message MoveRequest)
           (dev.ratchet.proto.rpc Calls HostPort)
           (java.io PrintWriter StringWriter)
           (java.util List)
           (java.util.concurrent TimeUnit)
           (picocli CommandLine)))

(set! *warn-on-reflection* true)

(def ^:private patience-millis
  "For nodes that start on a busy machine."
  60000)

(defn- admin!
  "Does what `./ratchet admin ...` does, by the same code, in this process: the start of another JVM takes many seconds beside
  nodes that all start."
  [cluster servers & args]
  (let [token   (io/file (:dir (:layout cluster)) "token")
        written (StringWriter.)
        line    (doto (Ratchet/commandLine)
                  (.setOut (PrintWriter. written))
                  (.setErr (PrintWriter. written)))]
    (spit token (:token (:layout cluster)))
    (let [exit (.execute ^CommandLine line ^"[Ljava.lang.String;" (into-array String (concat ["admin"] args ["--server" (str/join "," servers)
                                                                          "--token-file" (str token)
                                                                          "--timeout-millis" (str patience-millis)])))]
      (when-not (zero? exit)
        (throw (ex-info (str written) {}))))))

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
  (let [{:keys [allocs routers]} (nodes/endpoints cluster)]
    (admin! cluster (concat allocs routers) "backup" (file cluster)))
  {})

(defmethod heal! :backup [_ _ _] {})

(defn- names [cluster & roles]
  (for [role roles, node (nodes/all cluster role)] (:name node)))

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
      (sh ["rm" "-rf" (layout/data-dir store)]))
    (nodes/let-up! cluster id stores)
    (admin! cluster (map #(layout/address % :rpc) (nodes/all cluster :store)) "restore" (file cluster))
    (nodes/let-up! cluster id callers)
    {:nodes all}))

(defmethod heal! :restore [cluster {:keys [id]} {:keys [nodes]}]
  (nodes/let-up! cluster id nodes)
  {:nodes nodes})
