(ns ratchet.jepsen.conn
  "How a caller reaches the cluster. An op goes in, and comes out completed:

  - :ok with what it got;
  - :fail when it certainly did not happen;
  - :info when it may have happened. The process that made it is over then; see `next-conn`."
  (:require [clojure.string :as str])
  (:import (dev.ratchet.proto ErrorCode RatchetException)
           (java.io IOException)
           (java.net ConnectException NoRouteToHostException)
           (java.util.concurrent CompletionException ExecutionException TimeoutException)))

(set! *warn-on-reflection* true)

(defprotocol Conn
  (call [conn op] "Carries an op out, and gives it completed. Never throws.")
  (next-conn [conn] "For the process that takes the place of one that is over: this conn or a fresh one.")
  (close [conn] "Lets go of all that it holds."))

(defn split-key
  "The namespace and the key of a key as histories have it."
  [^String key]
  (let [colon (.indexOf key ":")]
    [(subs key 0 colon) (subs key (inc colon))]))

(defn- keyword-of [^ErrorCode code]
  (keyword (str/replace (str/lower-case (.name code)) "_" "-")))

(defn- all-or-nothing?
  "Whether the op takes all its numbers at once. Of several keys some may have got theirs when another
  one fails."
  [op]
  (or (not= :next-all (:f op))
      (= 1 (count (:keys (:value op))))))

(defn failed
  "The op, completed by a failure. It is a :fail only if it is certain that no number was taken."
  [op definite? code message]
  (assoc op
         :type (if (and definite? (all-or-nothing? op)) :fail :info)
         :error [code (str message)]))

(defn- bare ^Throwable [^Throwable failure]
  (if (and (or (instance? ExecutionException failure) (instance? CompletionException failure))
           (.getCause failure))
    (recur (.getCause failure))
    failure))

(defn outcome
  "The op, completed by what was thrown. Whether it happened is for Ratchet's own table of errors to say;
  an attempt to connect that failed sent nothing; of all else it is unknown."
  [op failure]
  (let [cause (bare failure)]
    (condp instance? cause
      RatchetException       (let [code (.code ^RatchetException cause)]
                               (failed op (.isDefinite code) (keyword-of code) (ex-message cause)))
      ConnectException       (failed op true :connect (ex-message cause))
      NoRouteToHostException (failed op true :connect (ex-message cause))
      TimeoutException       (failed op false :timeout "no answer in time")
      IOException            (failed op false :connection-lost (str cause))
      (failed op false :harness (str cause)))))

(defmacro outcome-of
  "The value of the body, or the op as completed by whatever the body throws."
  [op & body]
  `(try
     ~@body
     (catch Throwable failure#
       (outcome ~op failure#))))
