(ns ratchet.jepsen.logs-test
  (:require [clojure.test :refer [deftest is]]
            [ratchet.jepsen.logs :as logs]))

(deftest errors-are-found-with-their-time
  (let [line  "2026-11-27 21:19:17,331 ERROR [main] d.r.Thing: it broke"
        start (- (.toEpochMilli (.toInstant (.atZone (java.time.LocalDateTime/of 2026 11 27 21 19 17 331000000)
                                                     (java.time.ZoneId/systemDefault))))
                 250)]
    (is (= {:line line :time 250000000} (logs/error-of line start)))
    (is (nil? (logs/error-of "2026-11-27 21:19:17,331 WARN  [main] d.r.Thing: ERROR said somebody" start)))
    (is (nil? (logs/error-of "ready store-1 store=10.77.0.11:7001" start)))))

(deftest what-the-machine-itself-says-counts
  (is (logs/error-of "# A fatal error has been detected by the Java Runtime Environment:" 0))
  (is (logs/error-of "Exception in thread \"main\" java.lang.IllegalStateException" 0)))
