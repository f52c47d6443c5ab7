(ns ratchet.jepsen.broken.lazy
  "A caller that asks for routes only when it is refused, as the protocol allows. The Java client leaves an owner as soon as it
  hears that its lease is over, from whomever, and so hides what an owner does that should have stopped."
  (:require [ratchet.jepsen.conn :as conn])
  (:import (dev.ratchet.proto ErrorCode RatchetException)
           (dev.ratchet.proto.key Namespace)
           (dev.ratchet.proto.message IssueItem IssueReply IssueRequest IssueResult OwnerInfo RouteDelta RoutesRequest)
           (dev.ratchet.proto.route Route RouteTable)
           (dev.ratchet.proto.rpc Call Calls EventLoops HostPort RpcPeer)
           (java.nio.charset StandardCharsets)
           (java.util List)
           (java.util.concurrent TimeUnit)
           (java.util.function LongConsumer LongSupplier)))

(set! *warn-on-reflection* true)

(defn- peer ^RpcPeer [{:keys [^EventLoops loops state]} ^HostPort address]
  (or (get-in @state [:peers address])
      (let [fresh (RpcPeer. loops address
                            (reify LongSupplier (getAsLong [_] 0))
                            (reify LongConsumer (accept [_ _])))]
        (swap! state assoc-in [:peers address] fresh)
        fresh)))

(defn- ask [conn address ^Call call request]
  (let [timeout (long (:timeout conn))]
    (-> (.call (peer conn address) call request timeout)
        (.get (+ 1000 timeout) TimeUnit/MILLISECONDS))))

(defn- routes
  "What it knows, or else what the next server in turn tells."
  ^RouteTable [{:keys [servers state] :as conn}]
  (or (:table @state)
      (let [turn  (:turn (swap! state update :turn inc))
            delta (ask conn (nth servers (mod (long turn) (count servers))) Calls/ROUTES (RoutesRequest. 0 0))
            table (RouteTable.)]
        (.apply table ^RouteDelta delta)
        (swap! state assoc :table table)
        table)))

(defn- refused [^ErrorCode code message]
  (throw (RatchetException. code ^String message)))

(defn- issue!
  "Takes numbers from the owner that it knows."
  [conn {:keys [key count] :or {count 1}}]
  (let [[space id] (conn/split-key key)
        table      (routes conn)
        ^Namespace namespace (or (.namespace table ^String space) (refused ErrorCode/UNAVAILABLE "no such namespace"))
        number     (.keyOf namespace (.getBytes ^String id StandardCharsets/UTF_8))
        route      ^Route (.route table (.id namespace) (.sectionOf namespace number))
        ^OwnerInfo owner (or (some-> route .owner) (refused ErrorCode/UNAVAILABLE "nobody serves the section"))
        items      ^List [(IssueItem. (.id namespace) number (int count) (.epoch route))]
        reply      ^IssueReply (ask conn (HostPort. (.host owner) (.port owner)) Calls/ISSUE
                                    (IssueRequest. items (int (:timeout conn))))
        result     ^IssueResult (first (.results reply))]
    (when-not (zero? (.error result))
      (refused (ErrorCode/of (.error result)) (.message result)))
    {:first (.value result) :count count :epoch (.epoch result)}))

(defrecord LazyConn [^EventLoops loops servers timeout state]
  conn/Conn
  (call [this op]
    (let [done (conn/outcome-of op
                 (assoc op :type :ok :value (merge (:value op) (issue! this (:value op)))))]
      (when-not (= :ok (:type done))
        (swap! state dissoc :table))
      done))
  (next-conn [this] this)
  (close [_]
    (run! #(.close ^RpcPeer %) (vals (:peers @state)))
    (.close loops)))

(defn open
  "A conn; `:servers` are \"host:port\" of allocation nodes."
  [{:keys [servers timeout]}]
  (->LazyConn (EventLoops. "lazy" 1) (mapv #(HostPort/parse %) servers) timeout (atom {:turn 0})))
