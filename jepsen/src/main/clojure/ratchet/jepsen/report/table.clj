(ns ratchet.jepsen.report.table
  "Tables of a report."
  (:require [clojure.string :as str]
            [ratchet.jepsen.effects :as effects]
            [ratchet.jepsen.report.scale :as scale]))

(set! *warn-on-reflection* true)

(defn table
  "A table with a caption for those who don't see it, and its headers marked. Columns: {:title :cell :class}, where :cell takes a row.
  The first column heads its row. On a narrow screen the table scrolls by itself."
  [{:keys [caption columns row-class]} rows]
  [:div {:class "scroll" :tabindex "0" :role "region" :aria-label caption}
   [:table
    [:caption caption]
    [:thead [:tr (for [{:keys [title class]} columns] [:th {:scope "col" :class class} title])]]
    [:tbody
     (for [row rows]
       [:tr {:class (when row-class (row-class row))}
        (map-indexed (fn [i {:keys [cell class]}]
                       (if (zero? i)
                         [:th {:scope "row" :class class} (cell row)]
                         [:td {:class class} (cell row)]))
                     columns)])]]])

(defn- seconds [ns] (/ (double ns) 1e9))

;; --- Checks -------------------------------------------------------------------------------------

(def promises
  "What each check asks, in the words of the contract."
  {:unique ["G1" "No number is handed out twice."]
   :ranges ["G1" "Ranges are whole, and none overlaps another."]
   :sessions ["G2" "No caller sees a number go back."]
   :order ["G3" "A call that starts after another returned gets a larger number."]
   :gaps ["G4" "Numbers are skipped by crashes alone, at most a window a section."]
   :current ["G5" "Current is the last number, or a bound that says that it is one."]
   :availability ["G6" "Numbers flow again within the failover time."]
   :health ["" "All nodes serve after the last heal, and no log has an error that is not expected."]})

(defn verdict
  "A check's :valid? in a word."
  [valid?]
  (case valid? true "held" false "broken" "undecided"))

(defn badge
  "A verdict as a mark with its word, so that it is told by more than colour."
  [valid?]
  [:span {:class (str "badge " (verdict valid?))}
   [:i {:aria-hidden "true"} (case valid? true "✓" false "✗" "?")] (verdict valid?)])

(defn violation-count
  "How many violations a check found, kept or not."
  [{:keys [count violations]}]
  (or count (clojure.core/count violations)))

(defn- figure [[k v]]
  (let [k* (name k)]
    (str (str/replace k* #"-ms$" "" ) " "
         (cond (and (number? v) (str/ends-with? k* "ms")) (scale/duration v)
               (integer? v) (scale/number v)
               (number? v) (scale/fixed v 2)
               (keyword? v) (name v)
               :else (str v)))))

(defn- figures [{:keys [allowed] :as result}]
  (->> (cond-> (dissoc result :valid? :count :allowed)
         (:count allowed) (assoc :allowed (:count allowed)))
       (filter (fn [[_ v]] (or (number? v) (keyword? v))))
       (sort-by (comp name key))
       (map figure)))

(defn checks
  "All checks with verdict and figures; the broken ones first."
  [results]
  (table
    {:caption "Checks"
     :columns [{:title "Check" :cell (comp name key)}
               {:title "Verdict" :cell (comp badge :valid? val)}
               {:title "Violations" :class "num" :cell (comp scale/number violation-count val)}
               {:title "Asks" :class "wide" :cell (fn [[k _]]
                                     (let [[promise text] (promises k)]
                                       [(when-not (str/blank? promise) [:b promise " "]) text]))}
               {:title "Figures" :class "figures" :cell (fn [[_ result]]
                                        (for [f (figures result)] [:span f]))}]}
    (sort-by (fn [[k {:keys [valid?]}]] [(case valid? false 0 true 2 1) (name k)]) (:checks results))))

;; --- Violations ---------------------------------------------------------------------------------

(defn- span [{:keys [first count]}]
  (if (and (integer? first) (integer? count) (> count 1))
    (str first "–" (+ first count -1))
    (str first)))

(defn answer
  "What a call was answered, in few words."
  [{:keys [f value type error]}]
  (let [value (if (map? value) value {})]
    (cond
      (nil? type) "no answer"
      (not= :ok type) (if (sequential? error) (str/join " " (map #(if (keyword? %) (name %) %) error)) (str (or error (name type))))
      (contains? value :firsts) (str/join ", " (map #(str %1 " = " %2) (:keys value) (:firsts value)))
      (contains? value :first) (span value)
      (contains? value :number) (str (when (false? (:exact value)) "at most ") (:number value))
      :else (pr-str (dissoc value :key :keys)))))

(defn- epoch [value]
  (let [value (if (map? value) value {})]
    (or (some-> (:epoch value) str) (some->> (:epochs value) (str/join ", ")))))

(defn- call-bar
  "When a call was under way, between the first beginning and the last end of its table."
  [from to {:keys [invoke complete]}]
  (let [share (scale/linear from to)
        start (share (:time invoke))
        end (share (:time complete to))]
    [:div {:class "span"} [:i {:style (str "left:" (scale/percent start) ";width:" (scale/percent (- end start)))}]]))

(defn- calls-table [{:keys [calls why]}]
  (let [from (reduce min Long/MAX_VALUE (map (comp :time :invoke) calls))
        to (reduce max 0 (mapcat #(keep :time [(:invoke %) (:complete %)]) calls))]
    (table
      {:caption (str "Calls around: " why)
       :row-class #(when (:marked? %) "marked")
       :columns [{:title "" :class "mark" :cell #(if (:marked? %) [:span {:title "part of the violation"} "▶"] "")}
                 {:title "Began" :class "num" :cell #(scale/clock (seconds (:time (:invoke %))) 4)}
                 {:title "Took" :class "num" :cell #(if-let [c (:complete %)]
                                                      (scale/duration (/ (- (:time c) (:time (:invoke %))) 1e6)) "–")}
                 {:title "Under way" :class "under-way" :cell (partial call-bar from (max to (inc from)))}
                 {:title "Call" :cell #(let [{:keys [f value]} (:invoke %)]
                                         (str (name f) (when-let [n (:count value)] (str " " n))))}
                 {:title "Answer" :class "answer" :cell #(answer (assoc (:complete %) :f (:f (:invoke %))))}
                 {:title "Outcome" :cell #(name (:type (:complete %) :info))}
                 {:title "Caller" :class "num" :cell (comp :process :invoke)}
                 {:title "Epoch" :class "num" :cell #(or (epoch (:value (:complete %))) "")}]}
      calls)))

(defn- violation-details [i {:keys [why keys calls left-out]}]
  [:details {:open (zero? i)}
   [:summary [:b (str why)] (when (seq keys) [:code (str/join ", " (take 4 keys)) (when (> (count keys) 4) " …")])]
   (when (seq calls) (calls-table {:calls calls :why why}))
   (when (pos? left-out) [:p {:class "note"} (scale/number left-out) " calls of the key between these are not shown."])])

(defn- of-check [violations check kind]
  (->> violations
       (filter (fn [[[c k _] _]] (and (= c check) (= k kind))))
       (sort-by key)
       (map val)))

(defn violations
  "Each violation kept, with the calls around it; then those that the contract allows under the faults of that time.
  `violations` maps [check :broken|:allowed n] to what the digest saw."
  [violations results]
  (for [[check result] (sort-by (comp name key) (:checks results))
        [kind of all] [[:broken (of-check violations check :broken) (violation-count result)]
                       [:allowed (of-check violations check :allowed) (:count (:allowed result))]]
        :when (seq of)]
    [:section {:class "check"}
     [:h3 (name check) " " (if (= kind :broken) (badge (:valid? result)) [:span {:class "note"} "allowed under the faults of that time"])]
     [:p {:class "note"} (second (promises check))
      (when (> all (count of)) (str " These are the first " (count of) " of " (scale/number all) "."))]
     (map-indexed violation-details of)]))

;; --- Failovers ----------------------------------------------------------------------------------

(defn budget-ms
  "How long a key may be silent after a fault began: what the contract allows it, with what a loaded machine may add. Nil when that is as long as the fault lasts."
  [f]
  (let [{:keys [whole start end]} (:silence (effects/of effects/table f))]
    (when-not whole
      (+ effects/slack-ms (max (or start 0) (or end 0))))))

(defn failovers
  "Rows of the failover table: each band with the longest silence of any key that results ascribe to it, :ms, and whose it was;
  the worst first, then those without one in time order."
  [bands {{:keys [faults]} :failover}]
  (->> bands
       (map (fn [{:keys [fault f] :as band}]
              (merge band {:budget-ms (budget-ms f)} (select-keys (get faults fault) [:ms :left :key :keys]))))
       (sort-by (juxt #(- (double (or (:ms %) 0))) :from))
       vec))

(defn- longer? [{:keys [ms budget-ms]}]
  (boolean (and ms budget-ms (> ms budget-ms))))

(defn- over?
  "Whether a silence was longer than what is allowed: than its fault allows and, as far as results tell, others of that time do."
  [{:keys [left] :as row}]
  (if left
    (> (double left) (double effects/slack-ms))
    (longer? row)))

(defn allowed
  "How long the silence of a row was allowed to be, in words."
  [{:keys [budget-ms] :as row}]
  (cond
    (nil? budget-ms)                      "while it lasts"
    (and (longer? row) (not (over? row))) (str (scale/duration budget-ms) ", more by others")
    :else                                 (scale/duration budget-ms)))

(defn- outage-bar [most {:keys [ms budget-ms] :as row}]
  (when ms
    (let [share (scale/linear 0 most)]
      [:div {:class (str "meter" (when (over? row) " over"))}
       [:i {:style (str "width:" (scale/percent (share ms)))}]
       (when budget-ms [:b {:style (str "left:" (scale/percent (share budget-ms)))}])])))

(defn- silent-keys [{:keys [key keys]}]
  (when key
    (str key (when (and (integer? keys) (> keys 1)) (str " and " (scale/number (dec keys)) " more")))))

(defn- failover-table [rows most]
  (table
    {:caption "Failover by fault"
     :columns [{:title "Fault" :cell #(str (name (:f %)) (when (some? (:fault %)) (str " #" (:fault %))))}
               {:title "Nodes" :class "nodes" :cell #(if (seq (:where %)) (str/join ", " (:where %)) (some-> (:on %) name))}
               {:title "From" :class "num" :cell #(scale/clock (seconds (:from %)) 1)}
               {:title "Lasted" :class "num" :cell #(if (:healed? %) (scale/duration (/ (- (:to %) (:from %)) 1e6)) "to the end")}
               {:title "Longest silence" :class "num" :cell #(if (:ms %) (scale/duration (:ms %)) "none")}
               {:title "Allowed" :class "num" :cell allowed}
               {:title "One against the other" :class "meter-cell" :cell (partial outage-bar most)}
               {:title "Keys" :class "keys" :cell silent-keys}]
     :row-class #(when (over? %) "over")}
    rows))

(def ^:private failovers-shown 25)

(defn failover
  "The failover table; what is past the worst ones is folded away."
  [bands availability]
  (let [rows (failovers bands availability)
        most (reduce max 1 (mapcat #(keep % [:ms :budget-ms]) rows))
        [shown folded] (split-at failovers-shown rows)]
    [(failover-table shown most)
     (when (seq folded)
       [:details [:summary (str (scale/number (count folded)) " more, with shorter outages or none")]
        (failover-table folded most)])]))

;; --- Errors and logs ----------------------------------------------------------------------------

(defn errors
  "Error codes by count."
  [errors]
  (table
    {:caption "Errors by code"
     :columns [{:title "Code" :cell #(let [c (:code %)] [:code (if (keyword? c) (name c) (str c))])}
               {:title "Failed" :class "num" :cell (comp scale/number :fail)}
               {:title "Unknown" :class "num" :cell (comp scale/number :info)}
               {:title "For example" :class "wide" :cell #(str (:example %))}]}
    errors))

(defn log-lines
  "Lines of node logs."
  [lines]
  (table
    {:caption "Log lines of level ERROR"
     :columns [{:title "Node" :cell :node}
               {:title "In the run" :class "num" :cell #(when (:time %) (if (neg? (:time %)) "before" (scale/clock (seconds (:time %)) 1)))}
               {:title "Line" :class "line" :cell :line}]}
    lines))

(defn over-time
  "The charts' figures as a table, in at most `rows` rows."
  [buckets width-ns rows]
  (let [size (max 1 (long (Math/ceil (/ (count buckets) (double rows)))))]
    (table
      {:caption "Calls over time"
       :columns [{:title "From" :class "num" :cell #(scale/clock (seconds (:from %)) (if (< width-ns 1000000000) 1 0))}
                 {:title "Answered" :class "num" :cell (comp scale/number :ok)}
                 {:title "Failed" :class "num" :cell (comp scale/number :fail)}
                 {:title "Unknown" :class "num" :cell (comp scale/number :info)}
                 {:title "p99, worst bucket" :class "num" :cell #(if (:p99 %) (scale/duration (/ (:p99 %) 1e6)) "–")}
                 {:title "Longest" :class "num" :cell #(if (:max %) (scale/duration (/ (:max %) 1e6)) "–")}]}
      (for [group (partition-all size buckets)
            :let [top (fn [k] (when-let [vs (seq (keep k group))] (reduce max vs)))]]
        {:from (:from (first group))
         :ok (reduce + (map :ok group)) :fail (reduce + (map :fail group)) :info (reduce + (map :info group))
         :p99 (top :p99) :max (top :max)}))))
