(ns ratchet.jepsen.workload
  "The workloads by name, and what they need: namespaces of the run's own, and conns.

  A workload is data: `:doc`, and `:crews` of workers. A crew says over what conn it calls (`:owner`, `:router` or
  `:resp`), in which `:spaces`, in what `:mix`, and how its keys are spread; or that it runs a `:relay`. Workers are
  dealt out to crews by `:weight`."
  (:require [ratchet.jepsen.conn.native :as native]
            [ratchet.jepsen.conn.resp :as resp]
            [ratchet.jepsen.workload.current :as current]
            [ratchet.jepsen.workload.handoff :as handoff]
            [ratchet.jepsen.workload.mix :as mix]
            [ratchet.jepsen.workload.native :as over-native]
            [ratchet.jepsen.workload.next :as next]
            [ratchet.jepsen.workload.next-all :as next-all]
            [ratchet.jepsen.workload.ranges :as ranges]
            [ratchet.jepsen.workload.resp :as over-resp]
            [ratchet.jepsen.workload.strict :as strict])
  (:import (dev.ratchet.client ClientConfig RatchetClient)
           (dev.ratchet.proto ErrorCode RatchetException)
           (dev.ratchet.proto.key Namespace)
           (dev.ratchet.proto.rpc HostPort)
           (java.util List)
           (java.util.concurrent CompletionException)))

(set! *warn-on-reflection* true)

(def workloads
  "All of them by name."
  {:next next/workload, :ranges ranges/workload, :next-all next-all/workload
   :current current/workload, :strict strict/workload, :resp over-resp/workload
   :native over-native/workload, :handoff handoff/workload, :mix mix/workload})

;; Namespaces.

(def spaces
  "The kinds of namespaces. Small sections, so that there are some on every node; a small step, so that windows run
  out all the time."
  {:lease  {:kind :uid, :sections 16, :section-size 100000, :step 500}
   :strict {:kind :uid, :sections 16, :section-size 100000, :step 500, :strict true}
   :names  {:kind :string, :sections 16, :step 500}})

(defn space
  "A namespace of a run: each run has its own, so that no key was ever used."
  [run-id kind]
  (assoc (get spaces kind) :name (str (name kind) "-" run-id)))

(defn spaces-of
  "The namespaces of a test by name."
  [{:keys [workload run-id]}]
  (into {}
        (for [kind (distinct (mapcat :spaces (:crews (get workloads workload))))
              :let [space (space run-id kind)]]
          [(:name space) space])))

(defn namespace-of
  "A namespace as the client has it, for making it and for finding sections."
  ^Namespace [{:keys [name kind sections section-size step strict]}]
  (cond-> (case kind
            :uid    (Namespace/uid name (dec (* (long sections) (long section-size))) section-size step)
            :string (Namespace/string name (int sections) step))
    strict .asStrict))

(defn- exists? [^Throwable failure]
  (let [cause (if (instance? CompletionException failure) (.getCause failure) failure)]
    (and (instance? RatchetException cause)
         (= ErrorCode/NAMESPACE_EXISTS (.code ^RatchetException cause)))))

(defn create-spaces!
  "Makes the namespaces of a test in the cluster."
  [{:keys [target] :as test}]
  (with-open [client (RatchetClient/connect
                       (.withTimeoutMillis
                         (ClientConfig/of ^List (mapv #(HostPort/parse %) (:routers target)))
                         30000))]
    (doseq [space (vals (spaces-of test))]
      (try
        (.join (.createNamespace client (namespace-of space)))
        (catch CompletionException e
          (when-not (exists? e) (throw e))))
      ;; Served means: every section has an owner, and the client found it.
      (doseq [^String key (case (:kind space)
                            :uid    (map #(str (* (long %) (long (:section-size space)))) (range (:sections space)))
                            :string (map #(str "warm-" %) (range (* 4 (long (:sections space))))))]
        (.join (.current client ^String (:name space) key))))))

;; Workers.

(defn crews
  "The crew of each worker, in order: dealt out by weight, so that the first few workers are of all kinds."
  [workload workers]
  (let [crews (map-indexed #(assoc %2 :crew %1) (:crews (get workloads workload)))]
    (->> crews
         (mapcat (fn [crew]
                   (map #(vector (/ (+ 0.5 (double %)) (double (:weight crew))) crew) (range (:weight crew)))))
         (sort-by (juxt first (comp :crew second)))
         (map second)
         cycle
         (take workers)
         vec)))

(defn open-conn
  "The conn of a worker, which knows the namespaces of its crew."
  [{:keys [target timeout run-id]} crew worker]
  (let [timeout (or timeout 3000)
        native  {:timeout timeout, :name (str "jepsen-" worker)
                 :spaces (map #(:name (space run-id %)) (distinct (:spaces crew)))}]
    (case (:conn crew)
      :owner  (native/open (assoc native :servers (concat (:routers target) (:allocs target)) :via :owner))
      :router (native/open (assoc native :servers (:routers target) :via :router))
      :resp   (resp/open {:servers (:resp target), :first worker, :timeout (+ 1000 (long timeout))}))))
