(ns ratchet.real.checker
  "The harness's checks as a Jepsen checker, and its page beside Jepsen's own."
  (:require [clojure.java.io :as io]
            [jepsen.checker :as checker]
            [jepsen.store :as store]
            [ratchet.jepsen.checker :as checks]
            [ratchet.jepsen.report.page :as page]
            [ratchet.jepsen.layout :as layout]
            [ratchet.jepsen.report.summary :as summary]
            [ratchet.jepsen.workload :as workload]
            [ratchet.real.client :as client]))

(defn- nodes [{:keys [layout]}]
  (mapv #(select-keys % [:name :role :zone]) (:nodes @layout)))

(defn- results [test history]
  (checks/check history {:spaces   (workload/spaces-of (client/harness-test test))
                         :nodes    (map :name (nodes test))
                         :doors    (layout/doors @(:layout test))
                         :evidence (when-let [evidence (:evidence test)] (evidence))}))

(defn- write-page! [test history results]
  (let [file (store/path! test "ratchet.html")]
    (spit file
          (page/render
            (summary/summarise {:dir (.getParentFile (io/file file)) :results results :history history :logs [] :nodes (nodes test)
                                :test {:workload (:workload test) :seed (:seed test) :time (:time-limit test)}})))))

(defn checker
  "All checks of the harness. Writes ratchet.html into the test's folder."
  []
  (reify checker/Checker
    (check [_ test history _]
      (let [results (results test history)]
        (write-page! test history results)
        results))))
