(ns ratchet.jepsen.report.scale-test
  (:require [clojure.test :refer [are deftest is testing]]
            [ratchet.jepsen.report.scale :as scale]))

(deftest linear-scales
  (let [s (scale/linear 10 20)]
    (is (= [0.0 0.5 1.0] (map s [10 15 20])))
    (testing "what is outside stays at the ends"
      (is (= [0.0 1.0] (map s [-3 99])))))
  (testing "a span of nothing is no division by it"
    (is (= 0.0 ((scale/linear 5 5) 5)))))

(deftest logarithmic-scales
  (let [s (scale/logarithmic 1 1000)]
    (is (= 0.0 (s 0) (s 1)))
    (is (< 0.333 (s 10) 0.334))
    (is (= 1.0 (s 1000) (s 5000)))))

(deftest ticks-are-times-that-people-count-in
  (is (= [0 10 20 30 40 50 60] (scale/time-ticks 60 10)))
  (is (= [0 300 600 900 1200 1500 1800] (scale/time-ticks 1800 10)))
  (is (= [0 1] (scale/time-ticks 1.4 2)))
  (testing "never more than asked for, however long the run"
    (doseq [seconds [0.01 0.3 1 7 59.9 61 1799 4000 86400 1e6 1e8]]
      (is (<= (count (scale/time-ticks seconds 10)) 11)))))

(deftest ceilings
  (are [x c] (== c (scale/ceiling x))
    0.3 0.5, 1 1, 1.1 2, 5 5, 301 500, 999 1000, 1000 1000, 1001 2000))

(deftest decades-hold-what-they-are-asked-to
  (is (= [5 9] (scale/decades 150000 1000000000)))
  (is (= [5 10] (scale/decades 100000 1001000000))))

(deftest durations
  (are [ms text] (= text (scale/duration ms))
    0.137 "0.14 ms", 2.44 "2.4 ms", 23.4 "23 ms", 999.4 "999 ms", 999.6 "1.00 s", 2412 "2.41 s"
    59940 "59.9 s", 60000 "1 min", 750000 "12 min 30 s", 3600000 "1 h", 5400000 "1 h 30 min"))

(deftest clocks
  (are [seconds digits text] (= text (scale/clock seconds digits))
    0 0 "0:00", 65 0 "1:05", 59.96 1 "1:00.0", 3661 0 "1:01:01", 65.0042 4 "1:05.0042", 0.9999 2 "0:01.00"))

(deftest numbers
  (is (= "540,000" (scale/number 540000)))
  (is (= "12.5%" (scale/percent 0.125)))
  (is (= "0%" (scale/percent 0)))
  (is (= "100%" (scale/percent 1)))
  (is (= "100 µs" (scale/decade 5)))
  (is (= "10 s" (scale/decade 10))))
