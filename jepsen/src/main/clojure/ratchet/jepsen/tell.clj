(ns ratchet.jepsen.tell
  "What a person at the terminal sees of a run."
  (:require [clojure.string :as str]))

(set! *warn-on-reflection* true)

(defn warn
  "Says on stderr what is wrong."
  [text]
  (binding [*out* *err*]
    (doseq [line (str/split-lines (str text))]
      (println (str "ratchet: " line)))))

(defn- seconds [nanos]
  (String/format java.util.Locale/ROOT "%7.1f s" (to-array [(/ (double nanos) 1e9)])))

(defn- fault-text
  "What an op of the nemesis did, in a line."
  [{:keys [f value]}]
  (let [{:keys [nodes zones on how percent millis rate role refused halted healed]} value]
    (str (name f)
         (when on (str " " (name on)))
         (when role (str " " (name role)))
         (when (keyword? how) (str " " (name how)))
         (when percent (str " " percent " %"))
         (when millis (str " " millis " ms"))
         (when rate (str " x" rate))
         (cond (seq nodes) (str ": " (str/join ", " (map name nodes)))
               (seq zones) (str ": " (str/join ", " zones)))
         (when (seq halted) (str " (" (str/join ", " halted) " had halted)"))
         (when refused (str " (refused: " refused ")")))))

(defn- whole-text [{:keys [whole? whole-ms why]}]
  (if whole?
    (str "the cluster is whole again, " whole-ms " ms after the last heal")
    (str "NOT WHOLE " whole-ms " ms after the last heal: " (str/join "; " why))))

(defn- op [{:keys [f value error] :as op} nanos done?]
  (when-let [text (cond
                    error                            (str (name f) " failed: " (second error))
                    (not done?)                      nil
                    (= :whole f)                     (whole-text value)
                    (= :heal-all f)                  (str "all faults end" (when (seq (:failed value))
                                                                            (str "; " (:failed value))))
                    :else                            (fault-text op))]
    (println (str (seconds nanos) "  " text))
    (flush)))

(defn- start [{:keys [seed time faults workload zones nodes delay-means]}]
  (println (str (count nodes) " nodes in " zones " zones serve; " (name workload) " for " time " s, faults: "
                (if (seq faults) (str/join ", " (map name faults)) "none") ", seed " seed))
  (when (and (some #{:packets} faults) (= :tbf delay-means))
    (println "this kernel has no netem: delay is a slow link with a queue (tbf)"))
  (flush))

(def of-run
  "What a run tells by."
  {:tell op :tell-start start})
