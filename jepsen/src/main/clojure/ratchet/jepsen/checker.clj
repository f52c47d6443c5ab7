(ns ratchet.jepsen.checker
  "All checks of a history. Each is a pure function of a history and options, gives `{:valid? …}`, and takes time
  linear in the history."
  (:require [ratchet.jepsen.checker.availability :as availability]
            [ratchet.jepsen.checker.current :as current]
            [ratchet.jepsen.checker.gaps :as gaps]
            [ratchet.jepsen.checker.health :as health]
            [ratchet.jepsen.checker.order :as order]
            [ratchet.jepsen.checker.unique :as unique]
            [ratchet.jepsen.effects :as effects]
            [ratchet.jepsen.history :as history]))

(def checks
  "Them by name."
  {:unique       unique/check
   :ranges       unique/check-ranges
   :order        order/check
   :sessions     order/check-sessions
   :current      current/check
   :gaps         gaps/check
   :availability availability/check
   :health       health/check})

(defn prepared
  "The options with what checks share: the index of the history, and its faults."
  [history {:keys [effects] :or {effects effects/table} :as opts}]
  (let [index (history/index history)]
    (assoc opts
           :effects effects
           :index index
           :faults (history/faults history (:end index) #(:lasting (effects/of effects %))))))

(defn- counts [{:keys [calls]}]
  (merge {:ok 0 :fail 0 :info 0} (frequencies (map :type calls))))

(defn check
  "Results of all checks, or of those in `:checks`. Options: `:spaces`, the namespaces by name (`workload/spaces-of`); `:evidence`,
  see `checker.health`; `:nodes`, the names of all nodes; `:doors`, routers by the addresses of their Redis ports; `:effects`, what faults may do, if not `effects/table`."
  [history opts]
  (let [opts    (prepared history opts)
        results (into (sorted-map)
                      ;; They have nothing in common but what they read.
                      (pmap (fn [[name check]] [name (check history opts)])
                            (select-keys checks (:checks opts (keys checks)))))]
    {:valid? (every? :valid? (vals results))
     :checks results
     :ops    (counts (:index opts))}))
