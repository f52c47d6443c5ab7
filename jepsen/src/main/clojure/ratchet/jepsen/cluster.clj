(ns ratchet.jepsen.cluster
  "A cluster of nodes, a zone in each network namespace, or all on loopback: made, watched, asked and operated."
  (:require [clojure.java.io :as io]
            [clojure.string :as str]
            [ratchet.jepsen.clocks :as clocks]
            [ratchet.jepsen.disk :as disk]
            [ratchet.jepsen.layout :as layout]
            [ratchet.jepsen.leftovers :as leftovers]
            [ratchet.jepsen.net :as net]
            [ratchet.jepsen.nodes :as nodes]
            [ratchet.jepsen.shell :refer [attempt]])
  (:import (dev.ratchet.client ClientConfig RatchetClient)
           (dev.ratchet.proto.message AllocStatus MemberStatus StatusReply)
           (dev.ratchet.proto.key Namespace)
           (dev.ratchet.proto.rpc HostPort)
           (java.io IOException)
           (java.net HttpURLConnection ServerSocket URI)
           (java.security SecureRandom)
           (java.util HexFormat List)
           (java.util.concurrent TimeUnit)))

(set! *warn-on-reflection* true)

(def ^:private probe-millis 1000)

;; What nodes say.

(defn- http-get
  "The status and the body of a page of a node's admin port, or nil if it doesn't answer."
  [node path]
  (try
    (let [connection ^HttpURLConnection (.openConnection (.toURL (URI. (str "http://" (layout/address node :admin) path))))]
      (.setConnectTimeout connection probe-millis)
      (.setReadTimeout connection probe-millis)
      (let [status (.getResponseCode connection)
            stream (if (>= status 400) (.getErrorStream connection) (.getInputStream connection))]
        {:status status :body (if stream (slurp stream) "")}))
    (catch IOException _ nil)))

(defn ready?
  "Whether a node says that it can serve."
  [cluster name]
  (= 200 (:status (http-get (nodes/named cluster name) "/readyz"))))

(defn metric
  "The sum of a metric over its labels, or nil if the node doesn't say."
  [node metric]
  (when-let [{:keys [body]} (http-get node "/metrics")]
    (let [values (for [line (str/split-lines body)
                       :when (and (str/starts-with? line metric)
                                  (#{\{ \space} (get line (count metric))))]
                   (parse-double (last (str/split line #" "))))]
      (when (seq values) (reduce + values)))))

(defn- in-parallel [f coll]
  (mapv deref (mapv #(future (f %)) coll)))

(defn- look-for-leader [cluster]
  (->> (nodes/all cluster :store)
       (in-parallel (fn [node]
                      (when (= 1.0 (metric node "ratchet_store_leader"))
                        [(or (metric node "ratchet_store_term") 0) (:name node)])))
       (remove nil?) sort last second))

(defn- issued [cluster]
  (into {} (in-parallel (fn [node] [(:name node) (metric node "ratchet_alloc_numbers_total")])
                        (nodes/all cluster :alloc))))

(defn- busiest
  "The node whose count has grown the most, or nil if none has."
  [before after]
  (->> (keys after)
       (filter #(and (get before %) (get after %) (< (double (get before %)) (double (get after %)))))
       (sort-by #(- (double (get after %)) (double (get before %))))
       last))

(def ^:private watch-millis 700)

(defn watch!
  "Keeps looking for the leader and the busiest owner until the cluster ends, so that a fault can hit them at once."
  [cluster]
  (future
    (loop [before {}]
      (when-not @(:ending cluster)
        (let [after (issued cluster)]
          (reset! (:seen cluster) {:leader (look-for-leader cluster) :owner (busiest before after)})
          (Thread/sleep (long watch-millis))
          (recur after))))))

(defn leader
  "The name of the store node that led a moment ago, or nil. Of two it is the one of the higher term."
  [cluster]
  (:leader @(:seen cluster)))

(defn busiest-owner
  "The name of the allocation node that issued the most numbers in the last moments, or nil."
  [cluster]
  (:owner @(:seen cluster)))

;; Control calls.

(defn- client ^RatchetClient [cluster]
  @(:client cluster))

(defn- connect ^RatchetClient [layout]
  (let [{:keys [allocs routers]} (layout/endpoints layout)]
    (RatchetClient/connect (-> (ClientConfig/of ^List (mapv #(HostPort/parse %) (concat allocs routers)))
                               (.withThreads 1)
                               (.withTimeoutMillis 3000)
                               (.withName "jepsen-nemesis")))))

(defn status
  "What the store's leader says of the cluster, or nil: `{:unowned n :stores {name lag} :allocs {name {...}}}`."
  [cluster]
  (try
    (let [reply ^StatusReply (.get (.status (client cluster)) 4 TimeUnit/SECONDS)]
      {:unowned (.unowned reply)
       :moving  (.moving reply)
       :stores  (into {} (for [member (.members reply)]
                           [(.node ^MemberStatus member) {:role (.role ^MemberStatus member)
                                                          :lag  (.lag ^MemberStatus member)}]))
       :allocs  (into {} (for [alloc (.allocs reply)]
                           [(.node ^AllocStatus alloc) {:sections (.sections ^AllocStatus alloc)
                                                        :drained  (.drained ^AllocStatus alloc)
                                                        :lease    (.leaseLeftMillis ^AllocStatus alloc)}]))})
    (catch Exception _ nil)))

(defn admin!
  "Runs `./ratchet admin ...` against the cluster. Gives its exit code and what it wrote."
  [cluster & args]
  (let [{:keys [allocs routers]} (nodes/endpoints cluster)]
    (attempt (concat ["env" (str "RATCHET_ADMIN_TOKEN=" (:token (:layout cluster))) "RATCHET_BUILD=never"
                      (str (nodes/home) "/ratchet") "admin"]
                     args
                     ["--server" (str/join "," (concat allocs routers))]))))

(defn create-namespaces!
  "Makes the namespaces of a workload: `{:name :kind :string|:uid :sections n :step n :max-uid n :section-size n :strict bool}`."
  [cluster spaces]
  (doseq [{:keys [name kind sections step max-uid section-size strict]
           :or   {kind :string, sections 16, step 1000, max-uid 9999, section-size 1000}} spaces]
    (let [wanted (case kind
                   :string (Namespace/string ^String name (int sections) (long step))
                   :uid    (Namespace/uid ^String name (long max-uid) (long section-size) (long step)))]
      (.get (.createNamespace (client cluster) (if strict (.asStrict wanted) wanted))
            20 TimeUnit/SECONDS))))

(def ^:private ready-millis 30000)

(defn await-ready!
  "Waits until nodes that were started are ready, those that another fault keeps down or frozen left out. Within a bound: other
  faults may keep them from it."
  [cluster names]
  (let [end (+ (System/nanoTime) (* 1000000 (long ready-millis)))]
    (doseq [name names]
      (while (not (or (ready? cluster name)
                      (nodes/held? cluster name :down) (nodes/held? cluster name :paused)
                      @(:ending cluster)
                      (pos? (- (System/nanoTime) end))))
        (Thread/sleep 100)))))

;; Wholeness.

(defn faults-left
  "What keeps the cluster from being whole, as texts."
  [cluster]
  (let [unready (->> (nodes/all cluster)
                     (in-parallel (fn [{:keys [name]}]
                                    (cond (not (nodes/alive? cluster name)) (str name " does not run")
                                          (not (ready? cluster name)) (str name " is not ready"))))
                     (remove nil?))]
    (if (seq unready)
      unready
      (let [{:keys [unowned stores allocs] :as status} (status cluster)]
        (cond
          (nil? status) ["the store's leader does not answer"]
          (pos? (long unowned)) [(str unowned " sections are owned by nobody")]
          :else (concat (for [{:keys [name]} (nodes/all cluster :store)
                              :when (not (contains? stores name))]
                          (str name " is no member"))
                        (for [{:keys [name]} (nodes/all cluster :alloc)
                              :let [{:keys [lease drained]} (get allocs name)]
                              :when (or drained (nil? lease))]
                          (str name (if drained " is drained" " has no lease")))
                        (when-not (some #(= "leader" (:role %)) (vals stores))
                          ["the store has no leader"])))))))

(defn await-whole
  "Waits until nothing is wrong. Gives how long that took, and what was still wrong at the bound."
  [cluster bound-millis]
  (let [begun (System/nanoTime)]
    (loop []
      (let [left   (faults-left cluster)
            passed (quot (- (System/nanoTime) begun) 1000000)]
        (cond
          (empty? left)                          {:whole? true :whole-ms passed}
          (or @(:ending cluster)
              (> passed (long bound-millis)))    {:whole? false :whole-ms passed :why (vec left)}
          :else (do (Thread/sleep 300) (recur)))))))

(defn start-all!
  "Starts whatever does not run though no fault keeps it down."
  [cluster]
  (doseq [{:keys [name]} (nodes/all cluster)
          :when (not (or (nodes/alive? cluster name) (nodes/held? cluster name :down)))]
    (nodes/start-node! cluster name)))

;; Whole clusters.

(defn- free-port []
  (with-open [socket (ServerSocket. 0)]
    (.getLocalPort socket)))

(defn- random-token []
  (let [bytes (byte-array 16)]
    (.nextBytes (SecureRandom.) bytes)
    (.formatHex (HexFormat/of) bytes)))

(defn- last-lines [node n]
  (let [log (io/file (:dir node) "out.log")]
    (when (.exists log)
      (str/join "\n" (take-last n (str/split-lines (slurp log)))))))

(defn- await-started! [cluster bound-millis]
  (let [end (+ (System/nanoTime) (* 1000000 (long bound-millis)))]
    (loop [waiting (nodes/all cluster)]
      (doseq [{:keys [name] :as node} (nodes/all cluster)]
        (when-not (or (nodes/alive? cluster name) @(:ending cluster))
          (throw (ex-info (str name " ended as it started:\n" (last-lines node 12)) {:kind :could-not-run}))))
      (let [waiting (remove #(ready? cluster (:name %)) waiting)]
        (cond
          (empty? waiting) nil
          (pos? (- (System/nanoTime) end))
          (throw (ex-info (str "not ready within " (quot (long bound-millis) 1000) " s: "
                               (str/join ", " (map :name waiting)) "\n" (last-lines (first waiting) 12))
                          {:kind :could-not-run}))
          :else (do (Thread/sleep 500) (recur waiting)))))))

(defn start!
  "Makes a cluster in a folder, and waits until it serves. Whatever becomes
  of it, `leftovers/remove!` of its name removes it.

    :name       of its namespaces and its link
    :zones      how many
    :dir        folder of the run
    :loopback?  no namespaces
    :disks?     a disk of its own for each store node
    :clocks?    wall clocks that can be set
    :ending     an atom: once true, no node is started"
  [{:keys [name zones dir loopback? disks? clocks? java-options ending]}]
  (let [layout  (layout/layout {:name name :zones-count zones :dir dir :loopback? loopback?
                                :free-port free-port :token (random-token)})
        notes   (leftovers/open name dir)
        names   (map :name (:nodes layout))
        cluster {:layout layout :notes notes :origin (System/nanoTime)
                 :java-options (or java-options "")
                 :disks? disks? :clocks? clocks?
                 :states (atom {}) :holds (atom {}) :doomed (atom {}) :exits (atom [])
                 :ending (or ending (atom false))
                 :clock-files (atom {}) :seen (atom {})
                 :client (delay (connect layout))
                 :locks (into {} (map (fn [name] [name (Object.)]) names))}]
    (when-not loopback? (net/set-up! layout))
    (doseq [{:keys [name dir role] :as node} (:nodes layout)]
      (.mkdirs (io/file dir))
      (when (and disks? (= :store role))
        (disk/create! notes (layout/data-dir node)))
      (nodes/set-state! cluster name :clock (when clocks? (clocks/wall (str dir "/clock")))))
    (let [cluster (assoc cluster :net (when-not loopback? (net/net layout)))]
      (run! #(nodes/start-node! cluster %) names)
      (await-started! cluster 120000)
      cluster)))

(defn end!
  "No node is started any more, and no exit counts as a crash."
  [cluster]
  (reset! (:ending cluster) true)
  (clocks/forget-all! cluster)
  (when (realized? (:client cluster))
    (.close (client cluster))))
