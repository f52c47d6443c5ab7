(ns ratchet.jepsen.report.chart
  "Charts over one shared time axis. Shapes are drawn in SVG that stretches with the page; all text is HTML placed by
  percentages, so that it keeps its size on every screen. A label that has no room is cut off or left out, never laid over another."
  (:require [clojure.string :as str]
            [ratchet.jepsen.report.bands :as bands]
            [ratchet.jepsen.report.digest :as digest]
            [ratchet.jepsen.report.scale :as scale]))

(set! *warn-on-reflection* true)

(def ^:private width "Units of a drawing from left to right." 1000.0)

(defn- x-scale [run-ns]
  (let [share (scale/linear 0 run-ns)]
    (fn [t] (* width (share t)))))

(defn- coordinate [x]
  (let [text (scale/fixed x 1)]
    (if (str/ends-with? text ".0") (subs text 0 (- (count text) 2)) text)))

(defn- place [run-ns {:keys [from to]}]
  (let [share (scale/linear 0 run-ns)]
    (str "left:" (scale/percent (share from)) ";width:" (scale/percent (- (share to) (share from))))))

(defn- seconds [ns] (/ (double ns) 1e9))

;; --- Shapes -------------------------------------------------------------------------------------

(defn line-path
  "The path of a line through [x y] points; a nil between them breaks it, and a point alone becomes a dot."
  [points]
  (->> (partition-by nil? points)
       (remove #(nil? (first %)))
       (map (fn [run]
              (let [[[x y] & more] run]
                (str "M" (coordinate x) " " (coordinate y)
                     (if more
                       (str "L" (str/join " " (map (fn [[x y]] (str (coordinate x) " " (coordinate y))) more)))
                       "h0")))))
       (str/join)))

(defn bars-path
  "The path of bars: [x y width height] each."
  [bars]
  (str/join (map (fn [[x y w h]]
                   (str "M" (coordinate x) " " (coordinate y) "h" (coordinate w) "v" (coordinate h) "h-" (coordinate w) "z"))
                 bars)))

(defn- drawing [height label & shapes]
  [:svg {:viewBox (str "0 0 1000 " height) :preserveAspectRatio "none" :role "img" :aria-label label}
   [:title label]
   shapes])

(defn- shading
  "The bands behind a chart, one path for each family."
  [all-bands run-ns height]
  (let [x (x-scale run-ns)]
    (for [[kind of-kind] (group-by :family all-bands)]
      [:path {:class (str "shade f-" (name kind))
              :d (bars-path (for [[from to] (bands/merged of-kind)]
                              [(x from) 0 (max 0.6 (- (x to) (x from))) height]))}])))

(defn- grid-lines [ys]
  [:path {:class "grid" :d (str/join (for [y ys] (str "M0 " (coordinate y) "h1000")))}])

;; --- Panels -------------------------------------------------------------------------------------

(defn- y-labels
  "Labels beside a chart at shares of its height."
  [labels]
  [:div {:class "ys" :aria-hidden "true"}
   (for [[share text] labels]
     [:span {:style (str "top:" (scale/percent share))} text])])

(defn- panel [{:keys [title note legend class]} gutter plot]
  [:section {:class (str "panel " class)}
   [:div {:class "head"}
    [:h3 title]
    (when note [:p {:class "note"} note])
    (when (seq legend)
      [:ul {:class "legend"}
       (for [[k text] legend] [:li [:i {:class (str "key k-" k)}] text])])]
   [:div {:class "body"} gutter plot]])

(defn axis
  "The time axis as a row of its own."
  [run-ns]
  (let [length (seconds run-ns)
        share (scale/linear 0 length)]
    [:div {:class "body axis" :aria-hidden "true"}
     [:div {:class "ys"}]
     [:div {:class "plot"}
      (for [t (scale/time-ticks length 10)
            :when (<= (share t) 0.985)]
        [:span {:class "tick" :style (str "left:" (scale/percent (share t)))}
         (scale/clock t (if (< length 2) 1 0))])]]))

(defn- latency-bounds [digest-buckets]
  (let [values (mapcat (juxt :p50 :max) digest-buckets)
        values (filter some? values)
        low (max 1e4 (reduce min 1e6 values))
        high (max 1e7 (reduce max 1e7 values))]
    (scale/decades low high)))

(defn latency
  "Latency over time on a logarithmic scale: each answered call counts in the cells behind, and p50, p99 and the longest of each bucket are lines."
  [{:keys [calls run-ns bands buckets width-ns]}]
  (let [height 220
        [low high] (latency-bounds buckets)
        share (scale/logarithmic (Math/pow 10 low) (Math/pow 10 high))
        y #(* height (- 1 (double (share %))))
        x (x-scale run-ns)
        columns 160
        rows 44
        column (let [s (scale/linear 0 run-ns)] #(long (min (dec columns) (* columns (double (s %))))))
        row #(long (min (dec rows) (* rows (double (share (max 1 (long %)))))))
        [cell-w cell-h] [(/ width columns) (/ (double height) rows)]
        cell (fn [[[c r] _]] [(* c cell-w) (- height (* (inc r) cell-h)) cell-w cell-h])
        ok (digest/density calls :ok column row)
        most (reduce max 1 (vals ok))
        level (fn [[_ n]] (min 4 (long (* 5 (/ (Math/log (inc (long n))) (Math/log (+ 1.001 (long most))))))))
        line (fn [k] (line-path (for [b buckets] (when (k b) [(x (+ (:from b) (/ width-ns 2))) (y (k b))]))))]
    (panel
      {:title "Latency of calls"
       :note "by when a call began, logarithmic"
       :legend [["p50" "p50"] ["p99" "p99"] ["max" "longest"] ["density" "all answered calls"]
                ["info" "outcome unknown"]]
       :class "latency"}
      (y-labels (for [e (range low (inc high))] [(- 1 (double (share (Math/pow 10 e)))) (scale/decade e)]))
      [:div {:class "plot" :style (str "height:" height "px")}
       (drawing height "Latency over time: median, 99th percentile and longest call"
         (shading bands run-ns height)
         (grid-lines (for [e (range low (inc high))] (y (Math/pow 10 e))))
         (for [[l cells] (sort-by key (group-by level ok))]
           [:path {:class (str "cell l" l) :d (bars-path (map cell cells))}])
         [:path {:class "cell info" :d (bars-path (map cell (digest/density calls :info column row)))}]
         [:path {:class "line max" :d (line :max)}]
         [:path {:class "line p99" :d (line :p99)}]
         [:path {:class "line p50" :d (line :p50)}])])))

(defn- rate-panel [{:keys [run-ns bands buckets width-ns]} {:keys [height series] :as options}]
  (let [per-second (fn [n] (/ (double n) (seconds width-ns)))
        total (fn [bucket] (reduce + (map #(get bucket %) series)))
        top (scale/ceiling (max 1.0 (per-second (reduce max 0 (map total buckets)))))
        x (x-scale run-ns)
        y (fn [n] (* height (- 1 (/ (per-second n) top))))
        bars (fn [k]
               (let [below (take-while #(not= k %) series)]
                 (for [b buckets :when (pos? (get b k))]
                   (let [base (reduce + (map #(get b %) below))
                         left (x (:from b))]
                     [left (y (+ base (get b k))) (max 0.8 (- (x (+ (:from b) width-ns)) left 0.4)) (- (y base) (y (+ base (get b k))))]))))]
    (panel options
      (y-labels [[0 (scale/number top)] [1 "0"]])
      [:div {:class "plot" :style (str "height:" height "px")}
       (drawing height (:title options)
         (shading bands run-ns height)
         (grid-lines [0 height])
         (for [k series] [:path {:class (str "bar " (name k)) :d (bars-path (bars k))}]))])))

(defn answered
  "Calls answered per second, over time."
  [data]
  (rate-panel data {:title "Answered calls" :note "per second" :height 110 :series [:ok] :class "rate"}))

(defn unanswered
  "Calls per second that failed or whose outcome is unknown, on a scale of their own."
  [data]
  (rate-panel data {:title "Calls not answered" :note "per second, on a scale of their own" :height 70 :series [:fail :info]
                    :legend [["fail" "failed, certainly without effect"] ["info" "outcome unknown"]] :class "rate"}))

;; --- Lanes --------------------------------------------------------------------------------------

(defn band-title
  "A band in words, for whoever points at it."
  [{:keys [f fault where on from to healed?]}]
  (str (name f)
       (when (some? fault) (str " #" fault))
       (when (seq where) (str " of " (str/join ", " where)))
       (when on (str " (" (name on) ")"))
       ", " (scale/clock (seconds from) 1) " to " (if healed? (scale/clock (seconds to) 1) "the end: never healed")))

(defn- bar-label
  "A band's label in the lane of its family, which need not say the family again."
  [{:keys [f family where on]}]
  (let [kind (str/replace (name f) #"^(kill|pause|partition|packet|clock|disk)(-clients|-one-way)?-?" "")]
    (str/join " " (remove str/blank? [kind (when (= :partition family) (some-> on name)) (str/join ", " where)]))))

(defn- bar
  "A band as a bar. Where there is too little room for a label, it has none."
  [run-ns label {:keys [family healed?] :as band}]
  [:div {:class (str "bar f-" (name family) (when-not healed? " open"))
         :style (place run-ns band)
         :title (band-title band)}
   [:i] [:span (label band)]])

(defn- lane [run-ns {:keys [name note bands label]}]
  [:div {:class "body lane"}
   [:div {:class "who" :title note} name]
   [:div {:class "plot"}
    (for [row (bands/rows bands)]
      [:div {:class "row"} (map (partial bar run-ns label) row)])
    (when (empty? bands) [:div {:class "row"}])]])

(defn faults
  "The faults as lanes, one for each family."
  [{:keys [run-ns bands]}]
  [:section {:class "panel lanes"}
   [:div {:class "head"} [:h3 "Faults"] [:p {:class "note"} "shaded in the charts below"]]
   (if (empty? bands)
     [:p {:class "none"} "No faults in this run."]
     (for [kind (map :family bands/families)
           :let [of-kind (filterv #(= kind (:family %)) bands)]
           :when (seq of-kind)]
       (lane run-ns {:name (name kind) :note (str (count of-kind) " faults") :bands of-kind :label bar-label})))])

(defn nodes
  "The nodes as lanes: what each one suffered when."
  [{:keys [run-ns bands nodes]}]
  (when (seq nodes)
    [:section {:class "panel lanes nodes"}
     [:div {:class "head"} [:h3 "Nodes"] [:p {:class "note"} "what each went through, and when"]]
     (for [[zone members] (sort-by (comp str key) (group-by :zone nodes))]
       [:div {:class "zone" :role "group" :aria-label (str zone)}
        (when zone [:div {:class "body"} [:div {:class "who zone-name"} zone] [:div {:class "plot"}]])
        (for [node (sort-by :name members)]
          (lane run-ns {:name (:name node) :note (:name node)
                        :bands (filterv #(contains? (:nodes %) (:name node)) bands)
                        :label #(bands/state (:family %))}))])]))
