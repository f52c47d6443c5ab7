(ns ratchet.real.db
  "Ratchet on Jepsen's nodes, over SSH. A node is a zone: it has a store node and an allocation node, and the first two have a router.
  What the project's build made is copied to `home`; Java 17 or newer must be there."
  (:require [clojure.java.io :as io]
            [clojure.string :as str]
            [jepsen.control :as c]
            [jepsen.control.net :as net]
            [jepsen.control.util :as cu]
            [jepsen.db :as db]
            [ratchet.jepsen.cluster :as cluster]
            [ratchet.jepsen.layout :as layout]))

(def home "Where Ratchet is put on a node." "/opt/ratchet")

(def ^:private java-options "-Xmx256m -XX:+UseSerialGC")

;; Which processes there are, and where.

(defn- zone-number [{:keys [zone]}]
  (parse-long (re-find #"\d+$" zone)))

(defn layout-of
  "The layout of the harness, on Jepsen's nodes: each process with the :host it runs on, and its address."
  [hosts token address-of]
  (update (layout/layout {:name "rtj0" :zones-count (count hosts) :dir (str home "/run") :token token})
          :nodes
          (partial mapv (fn [node]
                          (let [host (nth hosts (dec (zone-number node)))]
                            (assoc node :host host :ip (address-of host)))))))

(defn address
  "The address of a host, as the control node resolves it."
  [host]
  (.getHostAddress (java.net.InetAddress/getByName host)))

(defn- on-host [layout host]
  (filter #(= host (:host %)) (:nodes layout)))

;; One process, on the host that is bound.

(defn- pidfile [{:keys [name]}] (str home "/" name ".pid"))
(defn- log [{:keys [dir]}] (str dir "/out.log"))
(defn- settings-file [{:keys [name dir]}] (str dir "/" name ".yaml"))

(defn- start-process! [{:keys [role] :as node}]
  (c/su
    (cu/start-daemon! {:env {:RATCHET_BUILD "never" :RATCHET_JAVA_OPTS java-options}
                       :logfile (log node) :pidfile (pidfile node) :chdir home :match-executable? false}
                      (str home "/ratchet") (name role) "--config" (settings-file node))))

(defn- kill-process! [node]
  (c/su (cu/stop-daemon! (pidfile node))))

(defn- signal-process! [node signal]
  (c/su (c/exec :kill (str "-" signal) (c/lit (str "$(cat " (pidfile node) ")")))))

(defn- configure! [layout {:keys [dir] :as node}]
  (c/su
    (c/exec :mkdir :-p dir)
    (cu/write-file! (str (str/join "\n" (layout/settings layout node false)) "\n") (settings-file node))))

(def ^:private actions
  {:start start-process!, :kill kill-process!, :pause #(signal-process! % "STOP"), :resume #(signal-process! % "CONT")})

(defn act!
  "Does one of :start, :kill, :pause, :resume to processes by their names, each on its host."
  [{:keys [layout] :as test} action names]
  (let [wanted (set names)
        by-host (group-by :host (filter #(wanted (:name %)) (:nodes @layout)))]
    (c/on-nodes test (keys by-host)
                (fn [_ host] (run! (actions action) (by-host host))))))

;; The database.

(defn- install! [project]
  (let [built (io/file project "cli/target")]
    (c/su
      (c/exec :mkdir :-p (str home "/cli/target/native"))
      (c/upload (str (io/file project "ratchet")) (str home "/ratchet"))
      (c/exec :chmod "+x" (str home "/ratchet"))
      (c/upload (str (io/file built "ratchet.jar")) (str home "/cli/target/ratchet.jar"))
      (doseq [folder ["lib" "native"]
              file (.listFiles (io/file built folder))]
        (c/exec :mkdir :-p (str home "/cli/target/" folder))
        (c/upload (str file) (str home "/cli/target/" folder "/" (.getName file)))))))

(defrecord Ratchet [project]
  db/DB
  (setup! [_ {:keys [layout]} host]
    (install! project)
    (doseq [node (on-host @layout host)]
      (configure! @layout node)
      (start-process! node))
    (doseq [{:keys [ports role]} (on-host @layout host) :when (= :alloc role)]
      (cu/await-tcp-port (:native ports) {:timeout 120000})))
  (teardown! [_ {:keys [layout]} host]
    (run! kill-process! (on-host @layout host))
    (c/su (c/exec :rm :-rf (str home "/run"))))

  db/Kill
  (kill! [_ {:keys [layout]} host] (run! kill-process! (on-host @layout host)))
  (start! [_ {:keys [layout]} host] (run! start-process! (on-host @layout host)))

  db/Pause
  (pause! [_ {:keys [layout]} host] (run! #(signal-process! % "STOP") (on-host @layout host)))
  (resume! [_ {:keys [layout]} host] (run! #(signal-process! % "CONT") (on-host @layout host)))

  db/Primary
  (primaries [_ {:keys [layout]}]
    (when-let [leader (cluster/leader {:layout @layout})]
      [(:host (layout/node-named @layout leader))]))
  (setup-primary! [_ _ _])

  db/LogFiles
  (log-files [_ {:keys [layout]} host]
    (into {} (map (juxt log #(str (:name %) ".log"))) (on-host @layout host))))

(defn db
  "Ratchet as `project` was built."
  [project]
  (->Ratchet project))
