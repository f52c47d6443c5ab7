(ns ratchet.jepsen.cli-test
  (:require [clojure.java.io :as io]
            [clojure.string :as str]
            [clojure.test :refer [are deftest is]]
            [ratchet.jepsen.cli :as cli]
            [ratchet.jepsen.faults :as faults])
  (:import (java.io File)))

(defn- ended
  "How the command ends, and what it says."
  [& args]
  (let [out (java.io.StringWriter.)]
    (try
      [(binding [*out* out] (cli/command args)) (str out)]
      (catch clojure.lang.ExceptionInfo e
        [(:kind (ex-data e)) (ex-message e)]))))

(deftest wrong-arguments-are-refused-with-what-there-is
  (are [args part] (let [[kind says] (apply ended args)]
                     (and (= :usage kind) (str/includes? says part)))
    ["--faults" "kil"]              "there is no fault 'kil'; there are kill, pause, partition"
    ["--workload" "nxt"]            "there is no workload 'nxt'; there are"
    ["--time" "soon"]               "--time"
    ["--time" "0"]                  "--time"
    ["--zones" "4"]                 "3, 5, 7 or 9"
    ["--fault" "kill"]              "--fault"
    ["now"]                         "what is 'now'?"
    ["--schedule" "/no/such/file"]  "--schedule /no/such/file"
    ["--schedule" "x" "--faults" "kill"] "leave out --faults"))

(defn- temporary [text]
  (doto (File/createTempFile "schedule" ".edn")
    .deleteOnExit
    (spit text)))

(deftest a-malformed-schedule-names-its-file-and-entries
  (let [file (temporary "[{:id 0, :at 1, :for 1, :f :kil, :on :one}]")]
    (is (= [:usage (str file ": entry 1 (:id 0): :f :kil is no fault; there are "
                        (str/join " " (sort (map pr-str (keys faults/kinds)))))]
           (ended "--schedule" (str file))))))

(deftest a-plan-is-a-schedule-and-replays
  (let [[kind plan] (ended "--plan" "--seed" "5" "--faults" "all" "--time" "120")]
    (is (= :held kind))
    (is (= [:held plan] (ended "--plan" "--schedule" (str (temporary plan)))))))

(deftest a-folder-that-is-not-empty-is-left-alone
  (let [folder (.getParentFile (io/file (temporary "here")))]
    (is (= :usage (first (ended "--out" (str folder) "--loopback" "--faults" "none"))))))

(deftest a-list-tells-all-faults-and-workloads
  (let [[kind text] (ended "--list")]
    (is (= :held kind))
    (doseq [id (keys faults/kinds)]
      (is (str/includes? text (name id))))))

(deftest all-faults-on-loopback-are-those-that-need-no-network
  (is (= #{:kill :pause :clock :membership :drain :rolling} (cli/parse-faults "all" true)))
  (is (= (set (keys faults/kinds)) (cli/parse-faults "all" false)))
  (is (= #{} (cli/parse-faults "none" false))))
