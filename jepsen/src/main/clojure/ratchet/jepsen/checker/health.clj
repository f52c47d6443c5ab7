(ns ratchet.jepsen.checker.health
  "Whether the cluster is well after it was left alone: nodes are ready, every call succeeds, nothing ended that nobody
  killed, and logs have no ERROR that nothing explains. `:evidence` in the options is what the cluster knows:
  `:not-ready`, `:crashes`, `:errors`."
  (:require [ratchet.jepsen.checker.violations :as violations]
            [ratchet.jepsen.effects :as effects]
            [ratchet.jepsen.history :as history]))

(set! *warn-on-reflection* true)

(def recovery-ms
  "How long after the last heal calls may fail."
  10000)

(defn- healed-at
  "When the last fault was over, or nil if there was none. That the cluster is `:whole` again comes after."
  [history]
  (:time (last (filter #(and (= :nemesis (:process %)) (not= :whole (:f %))) history))))

(defn- never-whole [history]
  (for [{:keys [f value] :as op} history
        :when (and (= :whole f) (false? (:whole? value)))]
    {:why (str "the cluster was not whole " (:whole-ms value) " ms after the last heal: " (pr-str (:why value)))
     :ops [op]}))

(defn- still-failing [{:keys [calls]} healed]
  (when healed
    (let [bound (+ (long healed) (* 1000000 (long recovery-ms)))]
      (for [call calls
            :when (and (< bound (long (:t0 call))) (not= :ok (:type call)))]
        (violations/violation (str "a call failed more than " recovery-ms " ms after the last heal: "
                                   (second (:error (:complete call))))
                              call)))))

(defn- harness-errors [{:keys [calls]}]
  (for [call calls
        :when (= :harness (first (:error (:complete call))))]
    (violations/violation (str "not an error of Ratchet's: " (second (:error (:complete call)))) call)))

(defn expected-error?
  "Whether a log line is explained: by the start of the cluster, or by a fault of the run whose kind does and which, where the line's
  time is known, was going on."
  [table faults {:keys [line time]}]
  (boolean
    (or
     (and time (neg? (long time)) (some #(re-find % line) effects/start-errors))
     (some (fn [{:keys [f] :as fault}]
            (and (some #(re-find % line) (:errors (effects/of table f)))
                 (or (nil? time) (effects/overlaps? (effects/spans any? [fault]) time time))))
           faults))))

(defn check
  "Whether all is well."
  [history {:keys [evidence faults effects] :or {effects effects/table} :as opts}]
  (let [index (history/index-of history opts)]
    (violations/result
      (concat
        (never-whole history)
        (still-failing index (healed-at history))
        (harness-errors index)
        (for [{:keys [node why]} (:not-ready evidence)]
          (violations/violation (str node " is not ready: " why)))
        (for [{:keys [node exit why]} (:crashes evidence)]
          (violations/violation (str node " ended with exit code " exit ", though nobody killed it"
                                     (when why (str ": " why)))))
        (for [{:keys [node line] :as error} (:errors evidence)
              :when (not (expected-error? effects faults error))]
          (violations/violation (str node " logged an error that no fault explains: " line))))
      {:evidence (some? evidence)})))
