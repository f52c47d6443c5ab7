(ns ratchet.jepsen.broken.proof
  "That the harness finds every seeded bug, and nothing where there is none: each scenario as a test."
  (:require [clojure.java.io :as io]
            [clojure.string :as str]
            [ratchet.jepsen.broken.run :as run]
            [ratchet.jepsen.broken.scenarios :as scenarios]
            [ratchet.jepsen.nodes :as nodes]))

(set! *warn-on-reflection* true)

(defn- title [{:keys [title bug caught-by]}]
  (or title
      (str (or bug "nothing broken") (if caught-by (str " is found by " (name caught-by)) " breaks no promise"))))

(defn- folder
  "Of a scenario's run, emptied."
  [scenario]
  (let [dir (io/file (nodes/home) "jepsen" "target" "broken" "runs" (str/replace (title scenario) #"[^a-z+-]" "-"))]
    (run! io/delete-file (reverse (when (.exists dir) (file-seq dir))))
    dir))

(defn- wrong
  "What a run found though it must not, or did not though it must; nil if all is as it should be."
  [{:keys [caught-by holds shows]} {:keys [caught checks]}]
  (let [found (filter (or holds #{}) caught)]
    (cond
      (and caught-by (not (some #{caught-by} caught)))      (str (name caught-by) " found nothing")
      (and shows (nil? (get-in checks [shows :allowed])))   (str (name shows) " found nothing that is allowed")
      (seq found)                                           (str "found by " (str/join ", " (map name found))))))

(defn- prove!
  "Runs a scenario, prints its line of the table, and throws unless what must be found was."
  [scenario]
  (let [dir     (folder scenario)
        results (run/run-scenario! scenario dir)]
    (println (run/row scenario results))
    (flush)
    (when-let [wrong (wrong scenario results)]
      (throw (AssertionError. (str wrong "; the run is in " dir "\n" (run/why results)))))))

(defn tests
  "Scenarios as `{title → function}`, in order: \"all\", those that are \"short\", or those whose bug is named, with commas."
  [which]
  (let [all    (concat scenarios/scenarios scenarios/controls)
        named  (set (str/split which #","))
        chosen (case which
                 "all"   all
                 "short" (filter :short? all)
                 (filter #(named (or (:bug %) "none")) all))]
    (when (empty? chosen)
      (throw (IllegalArgumentException.
               (str "there is no scenario '" which "'; there are all, short, none, "
                    (str/join ", " (distinct (keep :bug all)))))))
    (println run/header)
    (apply array-map (mapcat (fn [scenario] [(title scenario) #(prove! scenario)]) chosen))))
