(ns ratchet.jepsen.checker.health
  "Whether the cluster is well after it was left alone: nodes are ready, every call succeeds, nothing ended that nobody
  killed, and logs have no ERROR that nothing explains. `:evidence` in the options is what the cluster knows:
  `:not-ready`, `:crashes`, `:errors`."
  (:require [ratchet.jepsen.checker.violations :as violations]
            [ratchet.jepsen.effects :as effects]
            [ratchet.jepsen.history :as history]))

(set! *warn-on-reflection* true)

(def recovery-ms
  "How long after the last heal calls may fail, where no op says when the cluster was whole again."
  10000)

(defn- well-from
  "From when on every call should succeed: when the cluster was said to be `:whole` again, else some time after the last
  fault was over; nil if there was none."
  [history]
  (let [ops   (filter #(= :nemesis (:process %)) history)
        whole (last (filter #(and (= :whole (:f %)) (:whole? (:value %))) ops))
        over  (last (remove #(= :whole (:f %)) ops))]
    (cond
      whole (:time whole)
      over  (+ (long (:time over)) (* 1000000 (long recovery-ms))))))

(defn- never-whole [history]
  (for [{:keys [f value] :as op} history
        :when (and (= :whole f) (false? (:whole? value)))]
    {:why (str "the cluster was not whole " (:whole-ms value) " ms after the last heal: " (pr-str (:why value)))
     :ops [op]}))

(defn- still-failing [{:keys [calls]} well-from]
  (when well-from
    (for [call calls
          :when (and (< (long well-from) (long (:t0 call))) (not= :ok (:type call)))]
      (violations/violation (str "a call failed after the cluster had had time to recover: "
                                 (second (:error (:complete call))))
                            call))))

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
     (and (or (nil? time) (neg? (long time))) (some #(re-find % line) effects/start-errors))
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
        (still-failing index (well-from history))
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
