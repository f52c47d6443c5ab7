(ns ratchet.jepsen.bridge
  "Tests in Clojure, for JUnit: which there are, and each as a function that throws if the test fails."
  (:require [clojure.java.io :as io]
            [clojure.string :as str]
            [clojure.test :as test])
  (:import (java.io File StringWriter)))

(set! *warn-on-reflection* true)

(defn- space-of [^File root ^File file]
  (-> (.relativize (.toPath root) (.toPath file))
      str
      (str/replace #"\.clj$" "")
      (str/replace "_" "-")
      (str/replace File/separator ".")
      symbol))

(defn spaces
  "The namespaces of tests: all files that end in _test.clj beside this one."
  []
  (let [here (io/file (io/resource "ratchet/jepsen/bridge.clj"))
        root (-> here .getParentFile .getParentFile .getParentFile)]
    (->> (file-seq root)
         (filter #(str/ends-with? (.getName ^File %) "_test.clj"))
         (map #(space-of root %))
         sort
         vec)))

(defn- run-one
  "Runs a test, and throws what it printed if anything in it failed. A test that checks nothing fails."
  [test-var]
  (let [out      (StringWriter.)
        counters (ref test/*initial-report-counters*)]
    (binding [test/*report-counters* counters
              test/*test-out*        out
              *out*                  out]
      (test/test-vars [test-var]))
    (let [{:keys [pass fail error]} @counters]
      (when (or (pos? (+ (long fail) (long error))) (zero? (long pass)))
        (throw (AssertionError. (str (if (zero? (long (+ (long fail) (long error)))) "it checks nothing\n" "") out)))))))

(defn tests
  "The tests of a namespace, each as its name and a function."
  [space]
  (require space)
  (->> (ns-publics space)
       vals
       (filter #(:test (meta %)))
       (sort-by #(:line (meta %)))
       (mapv (fn [test-var]
               [(str (:name (meta test-var))) #(run-one test-var)]))))
