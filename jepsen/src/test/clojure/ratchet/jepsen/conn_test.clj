(ns ratchet.jepsen.conn-test
  (:require [clojure.test :refer [deftest is]]
            [ratchet.jepsen.conn :as conn]
            [ratchet.jepsen.conn.resp :as resp])
  (:import (dev.ratchet.proto ErrorCode RatchetException)
           (java.io ByteArrayInputStream ByteArrayOutputStream IOException)
           (java.net ConnectException InetAddress ServerSocket)
           (java.util.concurrent ExecutionException)))

(def ^:private op {:type :invoke :process 0 :f :next :value {:key "a:1"}})
(def ^:private batch {:type :invoke :process 0 :f :next-all :value {:keys ["a:1" "a:2"]}})

(defn- thrown [^Throwable failure]
  (ExecutionException. failure))

(deftest an-error-is-definite-exactly-if-ratchet-says-so
  (doseq [^ErrorCode code (ErrorCode/values)]
    (is (= (if (.isDefinite code) :fail :info)
           (:type (conn/outcome op (thrown (RatchetException. code "why")))))
        (str code))))

(deftest an-error-names-its-code
  (is (= [:lease-lost "why"]
         (:error (conn/outcome op (thrown (RatchetException. ErrorCode/LEASE_LOST "why")))))))

(deftest of-a-batch-that-failed-some-keys-may-have-got-numbers
  (is (= :info (:type (conn/outcome batch (thrown (RatchetException. ErrorCode/UNAVAILABLE "why")))))))

(deftest only-a-connection-that-was-never-made-is-definite
  (is (= :fail (:type (conn/outcome op (ConnectException. "refused")))))
  (is (= :info (:type (conn/outcome op (IOException. "reset")))))
  (is (= [:info :harness] ((juxt :type (comp first :error)) (conn/outcome op (NullPointerException.))))))

(deftest keys-are-split-at-the-first-colon
  (is (= ["a" "b:c"] (conn/split-key "a:b:c"))))

;; RESP.

(defn- reply [^String text]
  (resp/read-reply (ByteArrayInputStream. (.getBytes text "UTF-8"))))

(deftest replies-are-read
  (is (= 42 (reply ":42\r\n")))
  (is (= "OK" (reply "+OK\r\n")))
  (is (= "äb" (reply "$3\r\näb\r\n")))
  (is (nil? (reply "$-1\r\n")))
  (is (= [7 "exact" 3] (reply "*3\r\n:7\r\n$5\r\nexact\r\n:3\r\n")))
  (is (= {:error "TRYAGAIN later"} (reply "-TRYAGAIN later\r\n"))))

(deftest a-reply-that-was-cut-off-is-none
  (is (thrown? IOException (reply ":4")))
  (is (thrown? IOException (reply "$5\r\nexa")))
  (is (thrown? IOException (reply "?\r\n"))))

(deftest commands-are-arrays-of-bulk-strings
  (let [out (ByteArrayOutputStream.)]
    (resp/write-command out ["INCRBY" "a:1" 10])
    (is (= "*3\r\n$6\r\nINCRBY\r\n$3\r\na:1\r\n$2\r\n10\r\n" (str out)))))

(deftest incrby-tells-the-last-number
  (is (= {:key "a:1" :count 10 :first 8 :epoch nil}
         (:value (resp/completed {:f :range :value {:key "a:1" :count 10}} 17)))))

(deftest a-plain-get-does-not-say-whether-it-is-exact
  (is (= {:key "a:1" :plain true :number 0 :exact nil :epoch nil}
         (:value (resp/completed {:f :current :value {:key "a:1" :plain true}} nil))))
  (is (= {:key "a:1" :number 12 :exact false :epoch 3}
         (:value (resp/completed {:f :current :value {:key "a:1"}} [12 "upper-bound" 3])))))

(deftest the-first-word-of-an-error-decides
  (doseq [[word type] {"BUSY" :fail "TRYAGAIN" :fail "ERR" :fail "UNKNOWN" :info "LOADING" :info}]
    (is (= type (:type (resp/completed op {:error (str word " why")}))) word)))

(defn- serving
  "Runs `f` with the address of a server whose connections answer by these texts, one after the other; an empty text closes the
  connection."
  [texts f]
  (with-open [server (ServerSocket. 0 10 (InetAddress/getLoopbackAddress))]
    (let [left (atom texts)
          done (future
                 (while (seq @left)
                   (with-open [socket (.accept server)]
                     (loop []
                       (when-let [text (first @left)]
                         (.read (.getInputStream socket) (byte-array 1000))
                         (swap! left rest)
                         (when (seq text)
                           (.write (.getOutputStream socket) (.getBytes ^String text))
                           (.flush (.getOutputStream socket))
                           (recur)))))))]
      (try
        (f (str "127.0.0.1:" (.getLocalPort server)))
        (finally (future-cancel done))))))

(deftest after-a-lost-reply-a-new-connection-is-made
  (serving [":1\r\n" "" ":3\r\n"]
           (fn [address]
             (let [conn (resp/open {:servers [address] :timeout 5000})]
               (is (= [:ok 1] ((juxt :type (comp :first :value)) (conn/call conn op))))
               (is (= [:info :connection-lost] ((juxt :type (comp first :error)) (conn/call conn op))))
               (is (= [:ok 3] ((juxt :type (comp :first :value)) (conn/call conn op))))
               (conn/close conn)))))

(deftest a-router-that-is-away-is-passed-over
  (serving [":5\r\n"]
           (fn [address]
             (let [nobody (with-open [server (ServerSocket. 0)] (.getLocalPort server))
                   conn   (resp/open {:servers [(str "127.0.0.1:" nobody) address] :timeout 5000})]
               (is (= [:fail :connect] ((juxt :type (comp first :error)) (conn/call conn op))))
               (is (= :ok (:type (conn/call conn op))))
               (conn/close conn)))))
