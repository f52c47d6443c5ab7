(ns ratchet.real.client
  "The harness's conns as a Jepsen client. A worker has the crew that it has in the harness, and its conn: crews are dealt out by
  worker, and a Jepsen process is the worker of its number modulo the concurrency."
  (:require [jepsen.client :as client]
            [ratchet.jepsen.conn :as conn]
            [ratchet.jepsen.workload :as workload]))

(defn harness-test
  "What the harness's functions take for a test, from a Jepsen test."
  [{:keys [workload seed run-id concurrency rate target timeout]}]
  {:workload workload :seed seed :run-id run-id :workers concurrency :rate rate :target @target :timeout timeout})

(defn worker
  "The worker that a process is one life of."
  [{:keys [concurrency]} process]
  (mod process concurrency))

(defn- open-conn [test process]
  (let [{:keys [workload workers] :as harness} (harness-test test)
        worker (worker test process)]
    (workload/open-conn harness (nth (workload/crews workload workers) worker) worker)))

(defn- conn-for!
  "The conn of a process: opened for the worker's first one, and asked for the next one after each that is over."
  [state test process]
  (let [{:keys [conn owner]} @state]
    (cond
      (nil? conn)       (:conn (reset! state {:conn (open-conn test process) :owner process}))
      (= owner process) conn
      :else             (:conn (reset! state {:conn (conn/next-conn conn) :owner process})))))

(defrecord RatchetClient [state]
  client/Client
  (open! [_ _ _] (->RatchetClient (atom nil)))
  (setup! [this test]
    (workload/create-spaces! (harness-test test))
    this)
  (invoke! [_ test op]
    (conn/call (conn-for! state test (:process op)) op))
  (teardown! [_ _])
  (close! [_ _]
    (some-> (:conn @state) conn/close)
    (reset! state nil))

  ;; A caller outlives a call that was not answered: what it then knows may be old, and that is what is wanted.
  client/Reusable
  (reusable? [_ _] true))

(defn client
  "A client, not opened yet."
  []
  (->RatchetClient (atom nil)))
