(ns ratchet.jepsen.report.scale
  "Scales, their ticks, and numbers as people read them."
  (:require [clojure.string :as str])
  (:import (java.util Locale)))

(set! *warn-on-reflection* true)

(defn linear
  "A function from [from, to] onto [0, 1], with everything outside held at the ends."
  [from to]
  (let [from (double from)
        span (- (double to) from)]
    (fn [x]
      (if (pos? span)
        (-> (/ (- (double x) from) span) (max 0.0) (min 1.0))
        0.0))))

(defn logarithmic
  "A function from [from, to] onto [0, 1] by equal ratios; from > 0."
  [from to]
  (let [scale (linear (Math/log10 from) (Math/log10 to))]
    (fn [x] (scale (Math/log10 (max (double x) (double from)))))))

(def ^:private time-steps
  "Seconds between ticks that people count in."
  [0.05 0.1 0.25 0.5 1 2 5 10 15 30 60 120 300 600 900 1800 3600 7200 14400 43200 86400])

(defn step
  "The smallest step of whole seconds, minutes or hours that parts `seconds` into at most `parts`."
  [seconds parts]
  (or (first (filter #(<= (/ seconds %) parts) time-steps))
      (* 86400 (long (Math/ceil (/ seconds 86400.0 parts))))))

(defn time-ticks
  "The ticks of a time axis of so many seconds, from 0 on, at most `parts` + 1."
  [seconds parts]
  (let [s (step (max 0.1 seconds) parts)]
    (mapv #(* % s) (range (inc (long (Math/floor (+ 1e-9 (/ seconds s)))))))))

(defn ceiling
  "The least of 1, 2, 5, 10, 20, 50 ... that is no less than x."
  [x]
  (first (for [exponent (range -3 16)
               digit [1 2 5]
               :let [candidate (* digit (Math/pow 10 exponent))]
               :when (>= (+ candidate 1e-9) x)]
           (if (>= exponent 0) (Math/rint candidate) candidate))))

(defn decades
  "The powers of ten, as exponents, that hold [low, high]: from the last one not above low to the first one not below high."
  [low high]
  [(long (Math/floor (+ 1e-9 (Math/log10 low))))
   (long (Math/ceil (- (Math/log10 high) 1e-9)))])

(defn fixed
  "A number with so many digits after the point."
  ^String [x digits]
  (String/format Locale/ROOT (str "%." digits "f") (object-array [(double x)])))

(defn number
  "A count with its thousands apart: 540,000."
  ^String [n]
  (String/format Locale/ROOT "%,d" (object-array [(long n)])))

(defn duration
  "Milliseconds as people say them, three digits or so: 0.14 ms, 23 ms, 2.41 s, 12 min 30 s."
  [ms]
  (let [ms (double ms)
        seconds (Math/round (/ ms 1000))]
    (cond
      (< ms 1) (str (fixed ms 2) " ms")
      (< ms 10) (str (fixed ms 1) " ms")
      (< ms 1000) (if (= 1000 (Math/round ms)) "1.00 s" (str (Math/round ms) " ms"))
      (< ms 10000) (str (fixed (/ ms 1000) 2) " s")
      (< ms 60000) (str (fixed (/ ms 1000) 1) " s")
      (< seconds 3600) (str (quot seconds 60) " min" (when (pos? (rem seconds 60)) (str " " (rem seconds 60) " s")))
      :else (str (quot seconds 3600) " h" (when (pos? (quot (rem seconds 3600) 60)) (str " " (quot (rem seconds 3600) 60) " min"))))))

(defn decade
  "A power of ten of nanoseconds as a label: 100 µs, 1 ms, 10 s."
  [exponent]
  (let [exponent (long exponent)
        [unit base] (cond (< exponent 3) ["ns" 0] (< exponent 6) ["µs" 3] (< exponent 9) ["ms" 6] :else ["s" 9])]
    (str (number (Math/round (Math/pow 10 (- exponent (long base))))) " " unit)))

(defn clock
  "A moment of the run, from its start: 4:05, or 4:05.120 with so many digits after the point."
  ([seconds] (clock seconds 0))
  ([seconds digits]
   (let [unit (long (Math/pow 10 digits))
         whole (Math/round (* (double seconds) unit))
         part (rem whole unit)
         all (quot whole unit)
         [h m s] [(quot all 3600) (rem (quot all 60) 60) (rem all 60)]
         two #(if (< (long %) 10) (str "0" %) (str %))]
     (str (if (pos? h) (str h ":" (two m)) m) ":" (two s)
          (when (pos? digits)
            (let [text (str part)]
              (str "." (str/join (repeat (- digits (count text)) "0")) text)))))))

(defn percent
  "A share of 1 as a length of CSS, short."
  [share]
  (str (str/replace (fixed (* 100 (double share)) 2) #"\.?0+$" "") "%"))
