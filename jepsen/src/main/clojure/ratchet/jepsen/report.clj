(ns ratchet.jepsen.report
  "The report of a run: a page in its folder, and a few lines for the terminal."
  (:require [clojure.java.io :as io]
            [ratchet.jepsen.report.page :as page]
            [ratchet.jepsen.report.run :as run]
            [ratchet.jepsen.report.summary :as summary]
            [ratchet.jepsen.report.text :as text]))

(set! *warn-on-reflection* true)

(defn write!
  "Writes index.html into a run's folder and returns the text for the terminal. The history is read from the folder,
  or taken from `:history` where the caller still has it."
  ([dir] (write! dir {}))
  ([dir {:keys [history]}]
   (let [summary (summary/summarise (cond-> (run/read-run dir) history (assoc :history history)))]
     (spit (io/file dir "index.html") (page/render summary))
     (text/render summary))))

(defn -main
  "Reports on the folders of runs that are over."
  [& dirs]
  (doseq [dir dirs]
    (println (write! dir)))
  (shutdown-agents))
