(ns ratchet.jepsen.runner
  "Runs a workload against a cluster while a nemesis breaks it, and records what happens.

  Every worker is a thread with a conn of its own, and one process at a time. A process whose call ended unknown is over: the
  worker goes on as the process with the next id, old + number of workers. The nemesis is a thread, too.

  An op gets its time and index under one lock, before the call is made and after it returned. So both are in the same order,
  and a completion that comes before an invocation in the history came before it in fact."
  (:require [clojure.java.io :as io]
            [ratchet.jepsen.conn :as conn]
            [ratchet.jepsen.generator :as generator]
            [ratchet.jepsen.history :as history]
            [ratchet.jepsen.relay :as relay]
            [ratchet.jepsen.workload :as workload])
  (:import (java.io Writer)
           (java.util.concurrent CountDownLatch TimeUnit)
           (java.util.concurrent.locks LockSupport)))

(set! *warn-on-reflection* true)

(defprotocol Nemesis
  (setup! [nemesis] "Gets ready, before the first op.")
  (invoke! [nemesis op] "Carries a fault or its end out, and gives the op with what was done in its :value.")
  (teardown! [nemesis] "Undoes all that it did. May be called twice."))

(def no-nemesis
  "Breaks nothing."
  (reify Nemesis
    (setup! [_])
    (invoke! [_ op] op)
    (teardown! [_])))

;; The record.

(defrecord Recorder [^Writer out ^long start state])

(defn- recorder [file]
  (->Recorder (io/writer file) (System/nanoTime) (atom {:index 0 :types {} :flushed 0})))

(def ^:private flush-nanos 1000000000)

(defn- record!
  "Records an op now, and gives it as recorded."
  [{:keys [^Writer out ^long start state] :as recorder} op]
  (locking recorder
    (let [now  (- (System/nanoTime) start)
          op   (assoc op :index (:index @state) :time now)]
      (history/write-op out op)
      (swap! state #(-> % (update :index inc)
                        (cond-> (integer? (:process op)) (update-in [:types (:type op)] (fnil inc 0)))))
      ;; What was written survives if the run is cut off.
      (when (< (+ (long (:flushed @state)) (long flush-nanos)) now)
        (.flush out)
        (swap! state assoc :flushed now))
      op)))

;; The run.

(defrecord Run [test recorder ^CountDownLatch over failure next-process])

(defn- over? [{:keys [^CountDownLatch over]}]
  (zero? (.getCount over)))

(defn- sleep-until!
  "Sleeps until a time, or the end of the run; whether it is not over."
  [{:keys [^CountDownLatch over]} ^long nanos]
  (not (.await over (max 0 (- nanos (System/nanoTime))) TimeUnit/NANOSECONDS)))

(defn- guarded
  "A thread that ends the run if it fails."
  [{:keys [failure ^CountDownLatch over]} name f]
  (doto (Thread. ^Runnable (fn []
                             (try
                               (f)
                               (catch Throwable e
                                 (compare-and-set! failure nil e)
                                 (.countDown over))))
                 ^String name)
    (.setDaemon true)
    (.start)))

(defn- call!
  "Makes a call, records it, and gives it completed."
  [{:keys [recorder]} conn process op]
  (let [invoked (record! recorder (assoc (dissoc op :pause) :type :invoke :process process))]
    (record! recorder (conn/call conn (dissoc invoked :index :time)))))

;; Workers.

(defn- next-turn
  "The conn and process of a worker after a call."
  [{:keys [test]} conn process done]
  (if (= :info (:type done))
    [(conn/next-conn conn) (+ (long process) (long (:workers test)))]
    [conn process]))

(defn- mean-pause ^double [{:keys [workers rate]}]
  (/ (* 1e9 (double workers)) (double rate)))

(defn- generator-worker
  "Calls what a generator says, at its pace. After an outage it does not catch up."
  [{:keys [test] :as run} worker crew conn]
  (let [spaces (mapv #(workload/space (:run-id test) %) (:spaces crew))]
    (loop [ops (generator/ops {:seed (:seed test) :worker worker :crew crew :spaces spaces
                               :mean-pause (mean-pause test)})
           due (System/nanoTime), conn conn, process worker]
      (let [op  (first ops)
            due (max (+ (long due) (long (:pause op))) (System/nanoTime))]
        (if (sleep-until! run due)
          (let [done           (call! run conn process op)
                [conn process] (next-turn run conn process done)]
            (recur (next ops) due conn process))
          process)))))

(def ^:private baton-wait-nanos 200000000)

(defn- relay-worker
  "Calls with whatever baton comes to it."
  [{:keys [test] :as run} worker relay conn]
  (let [random (generator/random (:seed test) :relay worker)]
    (loop [conn conn, process worker]
      (if (over? run)
        process
        (if-let [baton (relay/take-baton! relay worker baton-wait-nanos)]
          (let [done           (call! run conn process (relay/op relay baton))
                _              (relay/pass-on! relay baton worker done random)
                [conn process] (next-turn run conn process done)]
            (recur conn process))
          (recur conn process))))))

(defn- relay-of
  "The relay of a crew of so many workers: at the pace that as many other workers had."
  [{:keys [run-id rate workers]} {:keys [relay spaces]} size]
  (let [{:keys [batons first-key observe]} relay
        space (workload/space run-id (first spaces))
        rate  (/ (* (double rate) (double size)) (double workers))]
    (relay/relay {:keys     (mapv #(generator/key-name space (+ (long first-key) (long %))) (range batons))
                  :observe? observe
                  ;; Two calls a rest.
                  :rest     (long (/ (* 2e9 (double batons)) rate))})))

(defn- worker! [{:keys [next-process] :as run} worker crew relays conn]
  (guarded run (str "worker-" worker)
           (fn []
             (try
               (let [process (if-let [relay (get relays (:crew crew))]
                               (relay-worker run worker relay conn)
                               (generator-worker run worker crew conn))]
                 (swap! next-process max (inc (long process))))
               (finally
                 (conn/close conn))))))

(defn- start-workers! [{:keys [test] :as run} crews conns]
  (let [relays (into {}
                     (for [[id all] (group-by :crew crews) :when (:relay (first all))]
                       [id (relay-of test (first all) (count all))]))]
    (vec (map #(worker! run %1 %2 relays %3) (range) crews conns))))

;; The nemesis.

(defn- nemesis-op!
  "Has an op carried out; records its start and what was done."
  [{:keys [recorder test]} op]
  (let [op (assoc op :type :info :process :nemesis)]
    (record! recorder op)
    (record! recorder
             (merge op
                    (try
                      (select-keys (invoke! (:nemesis test) op) [:value :error])
                      (catch InterruptedException e (throw e))
                      (catch Exception e {:error [:nemesis (str e)]}))))))

(defn- break!
  "Has the plan carried out, each op at its time, however long others take: by a thread an op. Gives the threads."
  [{:keys [recorder test] :as run}]
  (let [start (long (:start recorder))]
    (loop [plan (seq (:plan test)), threads []]
      (if-let [{:keys [at op]} (first plan)]
        (if (sleep-until! run (+ start (* 1000000 (long at))))
          (recur (next plan)
                 (conj threads (guarded run (str "nemesis-" (name (:f op))) #(nemesis-op! run op))))
          threads)
        threads))))

;; All of it.

(defn- sweep!
  "Calls once in each section, one after the other."
  [{:keys [test next-process] :as run}]
  (let [conn ((:open-conn test) (assoc test :timeout 5000) {:conn :owner} (:workers test))]
    (try
      (reduce (fn [process op]
                (let [done (call! run conn process op)]
                  (if (= :info (:type done)) (inc (long process)) process)))
              @next-process
              (generator/sweep (vals (workload/spaces-of test))))
      (finally
        (conn/close conn)))))

(defn- join-all! [threads]
  (run! #(.join ^Thread %) threads))

(defn- check-failure! [{:keys [failure]}]
  (when-let [e @failure]
    (throw (ex-info (str "the harness itself failed: " e) {} e))))

(defn- traffic!
  "Workers and faults until the time is over, then the end of all faults, then more traffic."
  [{:keys [test recorder ^CountDownLatch over] :as run} crews conns]
  (let [{:keys [time-ms tail-ms heal]} test
        workers (start-workers! run crews conns)]
    (try
      (let [breaking (break! run)]
        (sleep-until! run (+ (long (:start recorder)) (* 1000000 (long time-ms))))
        (join-all! breaking))
      (check-failure! run)
      (run! #(nemesis-op! run %) heal)
      (sleep-until! run (+ (System/nanoTime) (* 1000000 (long tail-ms))))
      (finally
        (.countDown over)
        (join-all! workers)))
    (check-failure! run)))

(def defaults
  {:workload :mix, :seed 1, :workers 20, :rate 200, :time-ms 60000, :tail-ms 10000
   :timeout 3000, :nemesis no-nemesis, :plan [], :heal []
   :create-spaces! workload/create-spaces!, :open-conn workload/open-conn})

(defn run-test!
  "Runs a test to its end, and gives `{:ops {:ok n ...}}`; the history is in `:history-file`. Whatever happens, the nemesis
  is torn down. See `defaults` for what may be left out; `:target` says where `:routers`, `:allocs` and `:resp` listen,
  and `:run-id` names the namespaces."
  [test]
  (let [{:keys [nemesis history-file workers] :as test} (merge defaults test)]
    ((:create-spaces! test) test)
    (let [crews    (workload/crews (:workload test) workers)
          ;; Before the clock starts: the first client takes a while to load.
          conns    (vec (map-indexed #((:open-conn test) test %2 %1) crews))
          recorder (recorder history-file)
          run      (->Run test recorder (CountDownLatch. 1) (atom nil) (atom workers))]
      (try
        (setup! nemesis)
        (traffic! run crews conns)
        (sweep! run)
        {:ops (dissoc (:types @(:state recorder)) :invoke)}
        (finally
          (try
            (teardown! nemesis)
            (finally
              (.close ^Writer (:out recorder)))))))))
