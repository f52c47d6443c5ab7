(ns ratchet.jepsen.report.text
  "A run in a screenful of text, for the terminal."
  (:require [clojure.string :as str]
            [ratchet.jepsen.report.scale :as scale]
            [ratchet.jepsen.report.summary :as summary]
            [ratchet.jepsen.report.table :as table]))

(set! *warn-on-reflection* true)

(def ^:private worst-outages 3)

(defn- plain
  "Text on one line, without what a terminal would obey."
  [text]
  (str/replace (str text) #"[\p{Cntrl}]" " "))

(defn- columns
  "Rows of cells, each column as wide as its widest cell."
  [rows]
  (let [widths (apply mapv (fn [& cells] (apply max (map count cells))) rows)]
    (for [row rows]
      (str/trimr (str "  " (str/join "  " (map (fn [w cell] (str cell (str/join (repeat (- w (count cell)) " ")))) widths row)))))))

(defn- check-lines [{:keys [results]}]
  (when (seq (:checks results))
    (columns
      (for [[k {:keys [valid?] :as result}] (sort-by (comp name key) (:checks results))
            :let [n (table/violation-count result)
                  [promise text] (table/promises k)]]
        [(case valid? true "ok" false "BROKEN" "?")
         (name k)
         (or promise "")
         (cond (pos? n) (str (scale/number n) (if (= 1 n) " violation" " violations"))
               text text
               :else "")]))))

(defn- first-violations [{:keys [results]}]
  (for [[k result] (sort-by (comp name key) (:checks results))
        :let [why (:why (first (:violations result)))]
        :when why]
    (str "  " (name k) ": " why)))

(defn- outage-lines [{:keys [results bands]}]
  (for [{:keys [ms f where key] :as row} (->> (get-in results [:checks :availability])
                                           (table/failovers bands)
                                           (filter :ms)
                                           (take worst-outages))]
    (str "  " (scale/duration ms) "  " (name f) (when (seq where) (str " of " (str/join ", " where))) ", of " key
         "; allowed: " (table/allowed row))))

(defn render
  "The text: verdict, facts, checks, first violations, longest outages, errors, and how to do it again."
  [{:keys [errors logs dir] :as summary}]
  (let [{:keys [headline sentence]} (summary/verdict summary)
        section (fn [title lines] (when (seq lines) (cons title lines)))]
    (->> (concat
           [headline sentence ""]
           (check-lines summary)
           (section "First violations:" (first-violations summary))
           (section "Longest silences of a key:" (outage-lines summary))
           (section "Errors:" (for [{:keys [code fail info]} errors]
                                (str "  " (if (keyword? code) (name code) code) ": " (scale/number fail) " failed, " (scale/number info) " unknown")))
           (when (seq logs) [(str (scale/number (count logs)) " lines of ERROR in the nodes' logs")])
           [""
            (str "Again:  " (summary/replay summary))
            (str "Report: " dir "/index.html")])
         (map plain)
         (str/join "\n")
         (#(str % "\n")))))
