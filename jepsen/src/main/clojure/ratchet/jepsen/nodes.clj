(ns ratchet.jepsen.nodes
  "The processes of a cluster, a real `ratchet store`, `alloc` or `router` each: started, killed, paused and restarted here; why is
  the nemesis's affair.

  Several faults may want the same node down or paused: each holds it, and it goes on when none does."
  (:require [clojure.java.io :as io]
            [clojure.string :as str]
            [ratchet.jepsen.clocks :as clocks]
            [ratchet.jepsen.layout :as layout]
            [ratchet.jepsen.leftovers :as leftovers]
            [ratchet.jepsen.shell :refer [attempt sh]])
  (:import (java.io File)
           (java.lang ProcessBuilder$Redirect)
           (java.util List Map)
           (java.util.concurrent TimeUnit)))

(set! *warn-on-reflection* true)

(def ^:private java-options "-Xmx256m -Xmn16m -XX:+UseSerialGC -XX:TieredStopAtLevel=1")
(def ^:private stop-bound-millis 15000)

(defn home
  "The project's folder."
  ^File []
  (io/file (or (System/getProperty "ratchet.home")
               (throw (ex-info "start the harness by `./ratchet jepsen`, which says where the project is" {})))))

(defn all "All nodes of a role, or all."
  ([cluster] (:nodes (:layout cluster)))
  ([cluster role] (layout/of-role (:layout cluster) role)))

(defn named "A node by its name." [cluster name]
  (layout/node-named (:layout cluster) name))

(defn endpoints "Where callers connect; see `layout/endpoints`." [cluster]
  (layout/endpoints (:layout cluster)))

;; State of nodes: name → {:process :wanted :up|:down :join? :clock {...} :exits [...]}

(defn- state [cluster name] (get @(:states cluster) name))

(defn set-state! [cluster name & kvs]
  (swap! (:states cluster) update name #(apply assoc % kvs)))

(defn- process ^Process [cluster name] (:process (state cluster name)))

(defn alive? "Whether a node's process lives." [cluster name]
  (boolean (some-> (process cluster name) .isAlive)))

(defn pid "The number of a node's process." [cluster name]
  (some-> (process cluster name) .pid))

(defn- now-millis [cluster] (quot (- (System/nanoTime) (long (:origin cluster))) 1000000))

(defn- command [cluster {:keys [name role ns dir]}]
  (let [clock (:clock (state cluster name))
        start [(str (home) "/ratchet") (clojure.core/name role) "--config" (str dir "/" name ".yaml")]]
    (concat (when ns ["ip" "netns" "exec" ns])
            (clocks/wrapper clock)
            start)))

(defn- on-exit! [cluster name ^Process ended]
  (let [{:keys [process wanted]} (state cluster name)]
    (when (and (identical? process ended) (= :up wanted) (not @(:ending cluster)))
      (swap! (:exits cluster) conj {:node name :exit (.exitValue ended) :millis (now-millis cluster)
                                    :faults (vec (get @(:doomed cluster) name))}))))

(defn- spawn! [cluster {:keys [name dir] :as node}]
  (let [log     (io/file dir "out.log")
        builder (ProcessBuilder. ^List (vec (command cluster node)))]
    (.putAll (.environment builder)
             ^Map (merge {"RATCHET_JAVA_OPTS" (str java-options " " (:java-options cluster))
                          ;; A run goes on with what it began with.
                          "RATCHET_BUILD"     "never"}
                         (clocks/environment (:clock (state cluster name)))))
    (doto builder
      (.redirectErrorStream true)
      (.redirectInput (ProcessBuilder$Redirect/from (io/file "/dev/null")))
      (.redirectOutput (ProcessBuilder$Redirect/appendTo log)))
    (let [process (.start builder)]
      (leftovers/note-process! (:notes cluster) (.pid process))
      (set-state! cluster name :process process :wanted :up)
      (.thenRun (.onExit process) #(on-exit! cluster name process))
      process)))

(defn- lock-of [cluster name] (get (:locks cluster) name))

(defn- write-settings! [cluster {:keys [name dir] :as node}]
  (.mkdirs (io/file dir))
  (spit (io/file dir (str name ".yaml"))
        (str (str/join "\n" (layout/settings (:layout cluster) node (:join? (state cluster name)))) "\n")))

(defn start-node!
  "Starts a node that doesn't run."
  [cluster name]
  (locking (lock-of cluster name)
    (when-not (or @(:ending cluster) (alive? cluster name))
      (let [node (named cluster name)]
        (write-settings! cluster node)
        (spawn! cluster node)))))

(defn- signal! [cluster signal names]
  (when-let [pids (seq (keep #(when (alive? cluster %) (pid cluster %)) names))]
    (attempt (concat ["kill" (str "-" signal)] pids))))

(defn- await-end! [cluster name]
  (when-let [process (process cluster name)]
    (when-not (.waitFor process stop-bound-millis TimeUnit/MILLISECONDS)
      (.destroyForcibly process)
      (.waitFor process stop-bound-millis TimeUnit/MILLISECONDS))))

(defn- end-by! [cluster signal names]
  (doseq [name names] (set-state! cluster name :wanted :down))
  (signal! cluster signal names)
  (doseq [name names] (await-end! cluster name)))

(defn kill!
  "Ends nodes at once, all at the same time (SIGKILL)."
  [cluster names]
  (end-by! cluster "KILL" names))

(defn stop!
  "Ends nodes as an operator would (SIGTERM)."
  [cluster names]
  (end-by! cluster "TERM" names))

;; Holds: [node what] → faults.

(defn- hold! [cluster fault what names]
  (doseq [name names]
    (swap! (:holds cluster) update [name what] (fnil conj #{}) fault)))

(defn held? [cluster name what] (seq (get @(:holds cluster) [name what])))

(defn- let-go!
  "Takes back what a fault holds. Gives those that nobody else holds so."
  [cluster fault what names]
  (doseq [name names]
    (swap! (:holds cluster) update [name what] disj fault))
  (remove #(held? cluster % what) names))

(defn hold-down! "Kills nodes, and keeps them down until let up." [cluster fault names]
  (hold! cluster fault :down names)
  (kill! cluster names))

(defn let-up! "Starts nodes that no other fault keeps down." [cluster fault names]
  (run! #(start-node! cluster %) (let-go! cluster fault :down names)))

(defn pause! "Freezes nodes (SIGSTOP)." [cluster fault names]
  (hold! cluster fault :paused names)
  (signal! cluster "STOP" names))

(defn resume! "Lets nodes go on that no other fault freezes." [cluster fault names]
  (signal! cluster "CONT" (let-go! cluster fault :paused names)))

(defn doom!
  "This fault may make these nodes end by themselves: that is no crash. Until `absolve!`."
  [cluster fault names]
  (doseq [name names]
    (swap! (:doomed cluster) update name (fnil conj #{}) fault)))

(defn absolve! [cluster fault names]
  (doseq [name names]
    (swap! (:doomed cluster) update name disj fault)))

(defn with-node-down!
  "Ends a node at once, does something, and starts it again unless a fault keeps it down."
  [cluster name f]
  (kill! cluster [name])
  (try
    (f)
    (finally
      (when-not (held? cluster name :down)
        (start-node! cluster name)))))

(defn restart!
  "Ends a node (by `end!`) and starts it again."
  [cluster name end!]
  (end! cluster [name])
  (when-not (held? cluster name :down)
    (start-node! cluster name)))

(defn clock "The clock of a node; see `clocks`." [cluster name]
  (:clock (state cluster name)))

(defn change-clock!
  "Ends a node, and starts it with clocks that go at a rate, or with its usual ones."
  [cluster name end! rate]
  (let [file (str (:dir (named cluster name)) "/clock")]
    (end! cluster [name])
    (clocks/forget! cluster name)
    (if rate
      (let [clock (clocks/rated file rate)]
        (clocks/run-uptime! cluster name clock)
        (set-state! cluster name :clock clock))
      (set-state! cluster name :clock (when (:clocks? cluster) (clocks/wall file))))
    (when-not (held? cluster name :down)
      (start-node! cluster name))))

(defn joining? "Whether a store node was started to be added." [cluster name]
  (boolean (:join? (state cluster name))))

(defn renew-store!
  "Empties the disk of a store node that is a member no more, and starts it so that it can be added."
  [cluster name]
  (let [folder (layout/data-dir (named cluster name))]
    (kill! cluster [name])
    (sh ["find" folder "-mindepth" "1" "-delete"])
    (set-state! cluster name :join? true)
    (when-not (held? cluster name :down)
      (start-node! cluster name))))
