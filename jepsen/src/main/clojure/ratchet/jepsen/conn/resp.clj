(ns ratchet.jepsen.conn.resp
  "A small Redis client: one connection to one router at a time, opened when it is needed. INCR, INCRBY, GET
  and RATCHET.CURRENT, one command under way."
  (:require [clojure.string :as str]
            [ratchet.jepsen.conn :as conn])
  (:import (java.io BufferedInputStream BufferedOutputStream EOFException InputStream OutputStream)
           (java.net InetSocketAddress Socket SocketTimeoutException)
           (java.nio.charset StandardCharsets)))

(set! *warn-on-reflection* true)

;; The protocol.

(defn write-command
  "Writes a command, an array of bulk strings."
  [^OutputStream out words]
  (letfn [(text [^String s] (.write out (.getBytes s StandardCharsets/UTF_8)))]
    (text (str "*" (count words) "\r\n"))
    (doseq [word words]
      (let [word (str word)]
        (text (str "$" (alength (.getBytes word StandardCharsets/UTF_8)) "\r\n" word "\r\n"))))
    (.flush out)))

(defn- read-line! ^String [^InputStream in]
  (let [line (java.io.ByteArrayOutputStream.)]
    (loop []
      (let [b (.read in)]
        (case b
          -1 (throw (EOFException. "the connection was closed"))
          13 (.read in)
          (do (.write line b) (recur)))))
    (.toString line StandardCharsets/UTF_8)))

(defn- read-bulk! [^InputStream in ^long length]
  (when-not (neg? length)
    (let [bytes (.readNBytes in (int length))]
      (when (< (alength bytes) length)
        (throw (EOFException. "the connection was closed")))
      (.readNBytes in 2)
      (String. bytes StandardCharsets/UTF_8))))

(defn read-reply
  "Reads a reply: a number, a string, nil, a vector of these, or {:error text}."
  [^InputStream in]
  (let [line (read-line! in)
        rest (subs line 1)]
    (case (first line)
      \+ rest
      \- {:error rest}
      \: (parse-long rest)
      \$ (read-bulk! in (parse-long rest))
      \* (let [length (long (parse-long rest))]
           (when-not (neg? length)
             (vec (repeatedly length #(read-reply in)))))
      (throw (java.io.IOException. (str "no RESP reply: " line))))))

;; Ops as commands.

(defn command
  "The command of an op; a :current that says :plain is a GET."
  [{:keys [f value]}]
  (case f
    :next    ["INCR" (:key value)]
    :range   ["INCRBY" (:key value) (:count value)]
    :current (if (:plain value) ["GET" (:key value)] ["RATCHET.CURRENT" (:key value)])))

(defn- got
  "What a reply says of an op."
  [{:keys [f value]} reply]
  (case f
    :next    {:first reply :count 1 :epoch nil}
    :range   {:first (- (long reply) (dec (long (:count value)))) :epoch nil}
    :current (if (:plain value)
               {:number (if reply (parse-long reply) 0) :exact nil :epoch nil}
               (let [[number exact epoch] reply]
                 {:number number :exact (= "exact" exact) :epoch epoch}))))

(def definite-prefixes
  "First words of errors that say that it did not happen."
  #{"BUSY" "TRYAGAIN" "ERR"})

(defn completed
  "The op, completed by a reply."
  [op reply]
  (if-let [error (:error reply)]
    (let [prefix (first (str/split error #" " 2))]
      (conn/failed op (contains? definite-prefixes prefix) (keyword (str/lower-case prefix)) error))
    (assoc op :type :ok :value (merge (:value op) (got op reply)))))

;; The connection.

(defrecord Line [^Socket socket ^InputStream in ^OutputStream out address])

(defn- dial [address timeout]
  (let [[host port] (str/split address #":")
        socket      (Socket.)]
    (try
      (.connect socket (InetSocketAddress. ^String host (int (parse-long port))) (int timeout))
      (.setTcpNoDelay socket true)
      (.setSoTimeout socket (int timeout))
      (->Line socket (BufferedInputStream. (.getInputStream socket))
              (BufferedOutputStream. (.getOutputStream socket)) address)
      (catch SocketTimeoutException e
        (.close socket)
        (throw (java.net.ConnectException. (str address ": " (ex-message e)))))
      (catch Throwable e
        (.close socket)
        (throw e)))))

(defn- hang-up! [state]
  (when-let [^Line line (:line @state)]
    (swap! state dissoc :line)
    (.close ^Socket (:socket line))))

(defn- line!
  "The connection there is, or else one to the next router in turn."
  [state {:keys [servers timeout]}]
  (or (:line @state)
      (let [turn (:turn @state)]
        (swap! state update :turn inc)
        (let [line (dial (nth servers (mod turn (count servers))) timeout)]
          (swap! state assoc :line line)
          line))))

(defn- exchange! [^Line line op]
  (write-command (:out line) (command op))
  (completed op (read-reply (:in line))))

(defrecord RespConn [settings state]
  conn/Conn
  (call [_ op]
    (let [done (conn/outcome-of op
                 (let [line (line! state settings)]
                   (-> (exchange! line op)
                       (assoc-in [:value :via] (:address line)))))]
      ;; After a reply that did not come, the next one on this connection would be another's.
      (when (and (= :info (:type done)) (not= :unknown (first (:error done))))
        (hang-up! state))
      done))
  (next-conn [this] this)
  (close [_] (hang-up! state)))

(defn open
  "A conn. `:servers` are \"host:port\" of the RESP ports of routers; `:first` says with which it begins. A
  reply is waited for somewhat longer than routers keep a call."
  [{:keys [servers timeout] :as settings}]
  (->RespConn (assoc settings :timeout (or timeout 4000))
              (atom {:turn (:first settings 0)})))
