(ns ratchet.jepsen.cli
  "The command `./ratchet jepsen`."
  (:require [clojure.tools.cli :as cli]))

(set! *warn-on-reflection* true)

(def options
  [["-t" "--time SECONDS" "How long there is traffic with faults" :default 60 :parse-fn parse-long
    :validate [#(and % (pos? %)) "a number of seconds, from 1"]]
   ["-h" "--help" "Print this"]])

(defn usage
  "What the command takes."
  [summary]
  (str "Usage: ratchet jepsen [OPTIONS]\n\n"
       "Breaks a multi-zone cluster of real processes on this machine, and says whether the contract held.\n\n"
       summary))

(defn -main [& args]
  (let [{:keys [errors summary]} (cli/parse-opts args options)]
    (when (seq errors)
      (binding [*out* *err*]
        (run! println errors)))
    (println (usage summary))
    (System/exit (if (seq errors) 2 0))))
