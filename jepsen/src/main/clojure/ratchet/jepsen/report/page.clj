(ns ratchet.jepsen.report.page
  "The page of a run: one file that needs no other."
  (:require [clojure.java.io :as io]
            [clojure.string :as str]
            [ratchet.jepsen.report.chart :as chart]
            [ratchet.jepsen.report.html :as html]
            [ratchet.jepsen.report.scale :as scale]
            [ratchet.jepsen.report.summary :as summary]
            [ratchet.jepsen.report.table :as table]))

(set! *warn-on-reflection* true)

(defn- resource [file]
  (slurp (io/resource (str "ratchet/jepsen/report/" file))))

(defn- mark
  "The verdict's sign."
  [valid?]
  [:svg {:class "mark" :viewBox "0 0 40 40" :aria-hidden "true"}
   [:circle {:cx 20 :cy 20 :r 18}]
   [:path {:d (case valid? true "M12 20.5l6 6L29 14" false "M13.5 13.5l13 13M26.5 13.5l-13 13" "M12 20h16")}]])

(defn- command
  "A command that breaks between its words on a narrow screen, and not at the dashes of an option."
  [text]
  [:code (interpose " " (for [word (str/split text #" ")]
                          (if (str/starts-with? word "--") [:span word] word)))])

(defn- top [{:keys [results] :as summary}]
  (let [{:keys [valid? headline sentence]} (summary/verdict summary)]
    [:header {:class (str "verdict " (table/verdict valid?))}
     [:p {:class "over"} "Ratchet, partition harness" (when-not results ", unfinished")]
     [:div {:class "headline"} (mark valid?) [:h1 headline]]
     [:p {:class "sentence"} sentence]
     [:dl {:class "facts"}
      (for [[k v] (summary/facts summary)]
        [:div {:class (when (> (count v) 30) "long")} [:dt k] [:dd v]])]
     [:p {:class "replay"} [:b "Do it again: "] (command (summary/replay summary))]]))

(defn- section [id title & content]
  (when (some some? (flatten content))
    [:section {:class "block" :id id :aria-labelledby (str id "-title")}
     [:h2 {:id (str id "-title")} title]
     content]))

(defn- json-number [n]
  (cond (nil? n) "null" (integer? n) (str n) :else (scale/fixed n 3)))

(defn- cursor-data
  "The buckets' figures for the script that shows them under the pointer: numbers alone, so nothing in it needs escaping."
  [{:keys [buckets width-ns run-ns]}]
  (str "{\"run\":" (json-number (/ run-ns 1e9)) ",\"width\":" (json-number (/ width-ns 1e9)) ",\"rows\":["
       (str/join "," (for [{:keys [ok fail info p50 p99 max]} buckets]
                       (str "[" (str/join "," (map json-number [ok fail info (some-> p50 (/ 1e6)) (some-> p99 (/ 1e6)) (some-> max (/ 1e6))])) "]")))
       "]}"))

(defn- charts [summary]
  [:div {:class "charts" :id "charts"}
   (chart/faults summary)
   (chart/axis (:run-ns summary))
   (chart/latency summary)
   (chart/answered summary)
   (chart/unanswered summary)
   (chart/axis (:run-ns summary))
   (chart/nodes summary)
   (when (seq (:nodes summary)) (chart/axis (:run-ns summary)))
   [:div {:class "cursor" :id "cursor" :hidden true}]
   [:div {:class "tip" :id "tip" :hidden true}]
   [:script {:type "application/json" :id "data"} (html/raw (cursor-data summary))]])

(def ^:private table-rows 60)

(defn render
  "The page of a summary."
  [{:keys [results bands errors violations buckets width-ns logs] :as summary}]
  (let [{:keys [headline]} (summary/verdict summary)]
    (html/document
      {:title (str headline " · Ratchet harness" (when-let [seed (:seed (:test summary))] (str " · seed " seed)))
       :style (resource "page.css")
       :script (resource "page.js")}
      [:main
       (top summary)
       (section "checks" "Checks" (when (seq (:checks results)) (table/checks results)))
       (section "violations" "Violations" (seq (table/violations violations results)))
       (section "time" "Over time" (charts summary)
         [:details [:summary "The same as a table"] (table/over-time buckets width-ns table-rows)])
       (section "failover" "Failover"
         (when-let [{:keys [p50 p99 max]} (get-in results [:checks :availability :failover])]
           [:p {:class "note"}
            (str "Silence of a key after a fault: "
                 (str/join ", " (for [[label ms] [["median" p50] ["99th percentile" p99] ["longest" max]] :when (number? ms)]
                                  (str label " " (scale/duration ms)))) ".")])
         (when (seq bands) (table/failover bands (get-in results [:checks :availability]))))
       (section "errors" "Errors" (when (seq errors) (table/errors errors)))
       (section "logs" "Logs"
         (when (seq logs)
           [[:p {:class "note"} "Of each node the first lines that tell of errors; its log is in nodes/."]
            (table/log-lines logs)]))
       [:footer [:p "The history, the schedule, the settings and the logs of each node lie beside this page."]]])))
