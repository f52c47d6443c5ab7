(ns ratchet.jepsen.conn.native
  "The Java client: straight to the owners of sections, or with every call over a router. Each conn has a
  client of its own, with its own connections, routes and floor, so that callers know nothing of each other."
  (:require [ratchet.jepsen.conn :as conn])
  (:import (dev.ratchet.client ClientConfig Current Numbers RatchetClient)
           (dev.ratchet.proto.rpc HostPort)
           (java.util List)
           (java.util.concurrent CompletableFuture TimeUnit)))

(set! *warn-on-reflection* true)

(def ^:private spare-millis
  "How much longer than its deadline a call is waited for: then the client itself is stuck."
  5000)

(defn- await! [^CompletableFuture future timeout-millis]
  (.get future (+ (long timeout-millis) (long spare-millis)) TimeUnit/MILLISECONDS))

(defn- numbers [^Numbers numbers]
  {:first (.first numbers) :count (.count numbers) :epoch (.epoch numbers)})

(defn- next! [^RatchetClient client op timeout]
  (let [{:keys [key count] :or {count 1}} (:value op)
        [space id] (conn/split-key key)]
    (-> (.next client ^String space ^String id (int count))
        (await! timeout)
        numbers)))

(defn- next-all! [^RatchetClient client op timeout]
  (let [split (map conn/split-key (:keys (:value op)))
        all   (->> (.nextAll client (ffirst split) ^List (mapv second split))
                   (#(await! % timeout))
                   (mapv numbers))]
    {:firsts (mapv :first all) :epochs (mapv :epoch all)}))

(defn- current! [^RatchetClient client op timeout]
  (let [[space id] (conn/split-key (:key (:value op)))
        current    ^Current (await! (.current client ^String space ^String id) timeout)]
    {:number (.value current) :exact (not (.upperBound current)) :epoch (.epoch current)}))

(defn- observe!
  "Passes on what another caller told this one; whether the client took it in."
  [^RatchetClient client {:keys [key told]}]
  (when (and (:observe told) (:epoch told))
    (let [[space id] (conn/split-key key)]
      (when (.namespace (.routes client) ^String space)
        (.observe client ^String space ^String id (long (:epoch told)))
        true))))

(defrecord NativeConn [^RatchetClient client via timeout]
  conn/Conn
  (call [_ op]
    (conn/outcome-of op
      (let [observed (observe! client (:value op))
            got      (case (:f op)
                       (:next :range) (next! client op timeout)
                       :next-all      (next-all! client op timeout)
                       :current       (current! client op timeout))]
        (assoc op :type :ok :value (cond-> (merge (:value op) got {:via via})
                                     observed (assoc :observed true))))))
  ;; A client outlives a call that timed out: what it knows may be old, and that is what is wanted.
  (next-conn [this] this)
  (close [_] (.close client)))

(def ^:private ready-millis 15000)

(defn- await-space!
  "Waits until a client knows a namespace."
  [^RatchetClient client ^String space]
  (let [end (+ (System/nanoTime) (* 1000000 (long ready-millis)))]
    (while (nil? (.namespace (.routes client) space))
      (when (< end (System/nanoTime))
        (throw (ex-info (str "a client does not hear of namespace " space) {})))
      (Thread/sleep 10))))

(defn open
  "A conn. `:servers` are \"host:port\" of routers or allocation nodes; `:via` is :owner or :router. It is waited for
  until it knows the namespaces `:spaces`."
  [{:keys [servers via timeout name spaces] :or {via :owner, timeout 3000, name "jepsen"}}]
  (let [servers ^List (mapv #(HostPort/parse %) servers)
        config  (-> (ClientConfig/of servers)
                    (.withThreads 1)
                    (.withTimeoutMillis (int timeout))
                    (.withViaRouter (= :router via))
                    (.withName name))
        client  (RatchetClient/connect ^ClientConfig config)]
    (try
      (run! #(await-space! client %) spaces)
      (->NativeConn client via timeout)
      (catch Throwable e
        (.close client)
        (throw e)))))
