(ns ratchet.jepsen.layout
  "Which nodes a cluster has, where each is, and its settings. Pure.

  A zone has a store node and an allocation node; the first two have a router as well. With network
  namespaces each zone has an address of its own, and all use the same ports; on loopback all have one
  address, and ports of their own."
  (:require [clojure.string :as str]))

(set! *warn-on-reflection* true)

(def ports
  "Of each role, in network namespaces."
  {:store  {:rpc 7001 :raft 7101 :admin 7901}
   :alloc  {:native 7201 :admin 7902}
   :router {:native 7070 :resp 6380 :admin 7903}})

(def ^:private routers 2)

(defn subnet
  "The first three bytes of the addresses of a cluster of that name: names that end in a number get
  networks of their own."
  [name]
  (str "10.77." (mod (if-let [digits (re-find #"\d+$" name)] (parse-long digits) (hash name)) 256)))

(defn callers-ip
  "The address of the callers, beside the zones."
  [name]
  (str (subnet name) ".1"))

(defn zones
  "The zones of a cluster of that name."
  [name n]
  (vec (for [i (range 1 (inc n))]
         {:zone (str "zone-" i)
          :ns   (str name "-z" i)
          :link (str "z" i)
          :ip   (str (subnet name) "." (+ 10 i))})))

(defn- node [{:keys [zone ns ip]} role i dir ports]
  (let [name (str (clojure.core/name role) "-" i)]
    {:name name, :role role, :zone zone, :ns ns, :ip ip, :ports ports, :dir (str dir "/nodes/" name)}))

(defn layout
  "The cluster as data. `:free-port` gives a free port at each call, and is used on loopback only."
  [{:keys [name zones-count dir loopback? free-port token]}]
  (let [zones    (cond->> (zones name zones-count)
                   loopback? (mapv #(-> % (dissoc :ns :link) (assoc :ip "127.0.0.1"))))
        ports-of (fn [role]
                   (cond-> (ports role)
                     loopback? (update-vals (fn [_] (free-port)))))
        nodes-of (fn [role zones]
                   (map-indexed #(node %2 role (inc (long %1)) dir (ports-of role)) zones))]
    {:name      name
     :dir       dir
     :token     token
     :loopback? (boolean loopback?)
     :zones     zones
     :nodes     (vec (concat (nodes-of :store zones)
                             (nodes-of :alloc zones)
                             (nodes-of :router (take routers zones))))}))

(defn of-role
  "The nodes of a role."
  [{:keys [nodes]} role]
  (filterv #(= role (:role %)) nodes))

(defn node-named
  "A node by its name."
  [{:keys [nodes]} name]
  (first (filter #(= name (:name %)) nodes)))

(defn address
  "HOST:PORT of one of a node's doors."
  [{:keys [ip ports]} door]
  (str ip ":" (get ports door)))

(defn endpoints
  "Where callers connect."
  [layout]
  {:routers (mapv #(address % :native) (of-role layout :router))
   :allocs  (mapv #(address % :native) (of-role layout :alloc))
   :resp    (mapv #(address % :resp) (of-role layout :router))})

(defn doors
  "Routers by the addresses that Redis clients know."
  [layout]
  (into {} (for [router (of-role layout :router)]
             [(address router :resp) (:name router)])))

(defn- quoted [text] (str "\"" text "\""))

(defn- listed [addresses] (str "[" (str/join ", " (map quoted addresses)) "]"))

(defn- member [{:keys [name zone] :as node}]
  (str "  - {node: " name ", zone: " zone ", rpc: " (quoted (address node :rpc))
       ", raft: " (quoted (address node :raft)) "}"))

(defn data-dir
  "Where a store node keeps its data."
  [{:keys [dir]}]
  (str dir "/data"))

(defn- admin [node]
  ["admin:" (str "  listen: " (quoted (address node :admin)))])

(defmulti settings
  "The settings file of a node, as lines. `join?` is for a store node that is added to a cluster that runs."
  (fn [_layout node _join?] (:role node)))

(defmethod settings :store [layout node join?]
  (concat ["cluster: jepsen"
           (str "node: " (:name node))
           (str "data: " (quoted (data-dir node)))
           "members:"]
          (map member (of-role layout :store))
          (admin node)
          [(str "  token: " (quoted (:token layout)))]
          ;; Often, so that restarts and new members meet snapshots too.
          ["raft:" "  snapshot_interval_seconds: 20"]
          (when join? ["join: true"])))

(defmethod settings :alloc [layout node _]
  (concat [(str "node: " (:name node))
           (str "zone: " (:zone node))
           (str "listen: " (quoted (address node :native)))
           (str "stores: " (listed (map #(address % :rpc) (of-role layout :store))))]
          (admin node)
          ["calls:" "  threads: 2"]))

(defmethod settings :router [layout node _]
  (concat [(str "node: " (:name node))
           (str "zone: " (:zone node))
           (str "listen: " (quoted (address node :native)))
           (str "resp: " (quoted (address node :resp)))
           (str "allocs: " (listed (map #(address % :native) (of-role layout :alloc))))]
          (admin node)
          ["calls:" "  threads: 2"]))
