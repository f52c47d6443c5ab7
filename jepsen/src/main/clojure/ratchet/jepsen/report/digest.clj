(ns ratchet.jepsen.report.digest
  "One pass over a history that keeps what a report shows of it: when each call began, ended and how, in arrays; errors by code;
  the nemesis' operations; and the calls around each violation. A history of any length is read in bounded memory but for 17 bytes a call."
  (:import (java.util Arrays HashMap)))

(set! *warn-on-reflection* true)

(def outcomes
  "How a call may end; its place is its number in a digest's :outcome array."
  [:ok :fail :info])

(def ^:private around
  "How many calls of a key are kept before and after a violation, and of those between that are not part of it."
  {:before 6 :between 24 :after 6})

;; --- Columns ------------------------------------------------------------------------------------

(defprotocol ^:private Columns
  (^:private add! [columns began ended outcome])
  (^:private done [columns]))

(deftype ^:private GrowingColumns [^:unsynchronized-mutable ^long n
                                   ^:unsynchronized-mutable ^longs began
                                   ^:unsynchronized-mutable ^longs ended
                                   ^:unsynchronized-mutable ^bytes outcome]
  Columns
  (add! [_ b e o]
    (when (= n (alength began))
      (let [size (int (* 2 n))]
        (set! began (Arrays/copyOf began size))
        (set! ended (Arrays/copyOf ended size))
        (set! outcome (Arrays/copyOf outcome size))))
    (aset began n (long b))
    (aset ended n (long e))
    (aset outcome n (byte o))
    (set! n (inc n)))
  (done [_]
    {:n n
     :began (Arrays/copyOf began (int n))
     :ended (Arrays/copyOf ended (int n))
     :outcome (Arrays/copyOf outcome (int n))}))

(defn- columns []
  (->GrowingColumns 0 (long-array 1024) (long-array 1024) (byte-array 1024)))

;; --- Violations and the calls around them -------------------------------------------------------

(defn keys-of
  "The keys that a call's value names."
  [value]
  (cond
    (not (map? value)) nil
    (contains? value :keys) (:keys value)
    (contains? value :key) [(:key value)]))

(defn mark
  "What tells an operation from all others of its history."
  [{:keys [index process time f]}]
  (if (nat-int? index) index [process time f]))

(defn watch
  "Begins to look for the calls around a violation."
  [{:keys [ops] :as violation}]
  (let [times (keep :time ops)]
    {:violation violation
     :keys (into #{} (mapcat (comp keys-of :value)) ops)
     :marks (into #{} (map mark) ops)
     :from (reduce min Long/MAX_VALUE times)
     :to (reduce max Long/MIN_VALUE times)
     :before clojure.lang.PersistentQueue/EMPTY
     :between []
     :left-out 0
     :after []}))

(defn- marked? [{:keys [marks]} {:keys [invoke complete]}]
  (or (contains? marks (mark invoke)) (and complete (contains? marks (mark complete)))))

(defn- before [watch call]
  (let [queue (conj (:before watch) call)]
    (assoc watch :before (if (> (count queue) (:before around)) (pop queue) queue))))

(defn- between [watch call]
  (if (or (:marked? call) (< (count (:between watch)) (:between around)))
    (update watch :between conj call)
    (update watch :left-out inc)))

(defn see
  "A watch after one more call of one of its keys; calls come in the order in which they ended."
  [{:keys [from to after] :as watch} {:keys [invoke complete] :as call}]
  (let [call (assoc call :marked? (marked? watch call))
        ended (:time complete Long/MAX_VALUE)]
    (cond
      (:marked? call) (between watch call)
      (< ended from) (before watch call)
      (<= (:time invoke) to) (between watch call)
      (< (count after) (:after around)) (update watch :after conj call)
      :else watch)))

(defn seen
  "What a watch saw: the violation with its :calls in the order in which they began, and how many were :left-out for room."
  [{:keys [violation before between after left-out] :as watch}]
  (assoc violation
         :keys (vec (sort (map str (:keys watch))))
         :calls (vec (sort-by (comp :time :invoke) (concat before between after)))
         :left-out left-out))

;; --- The pass -----------------------------------------------------------------------------------

(defn- error-code [error]
  (if (sequential? error) (first error) error))

(defn- count-error! [^HashMap errors {:keys [type error]}]
  (when (and (some? error) (#{:fail :info} type))
    (let [code (error-code error)
          seen (or (.get errors code) {:code code :fail 0 :info 0 :example (when (sequential? error) (second error))})]
      (.put errors code (update seen type inc)))))

(defn- watch-call! [^HashMap watches by-key call]
  (let [ks (keys-of (:value (:invoke call)))]
    (doseq [id (distinct (mapcat by-key ks))]
      (.put watches id (see (.get watches id) call)))))

(defn digest
  "A digest of a history (anything reducible of operations in time order):
  {:calls {:n :began :ended :outcome} :nemesis [op] :errors [{:code :fail :info :example}] :violations {id violation}
   :last-time ns :open n}
  `violations` is a map of ids to violations as results have them. Of a call that never ended only :open counts."
  [history violations]
  (let [calls (columns)
        pending (HashMap.)
        errors (HashMap.)
        watches (HashMap. ^java.util.Map (update-vals violations watch))
        by-key (reduce (fn [m [id w]] (reduce #(update %1 %2 (fnil conj []) id) m (:keys w)))
                       {} watches)
        nemesis (volatile! (transient []))
        last-time (volatile! 0)
        see-call! (fn [invoke complete]
                    (when (seq by-key)
                      (watch-call! watches by-key {:invoke invoke :complete complete})))]
    (run! (fn [{:keys [process type time] :as op}]
            (vreset! last-time (max (long @last-time) (long time)))
            (cond
              (not (int? process)) (vswap! nemesis conj! op)
              (= :invoke type) (.put pending process op)
              :else
              (let [invoke (or (.remove pending process) op)]
                (add! calls (:time invoke) time (case type :ok 0 :fail 1 :info 2))
                (count-error! errors op)
                (see-call! invoke op))))
          history)
    (doseq [invoke (sort-by :time (.values pending))]
      (see-call! invoke nil))
    {:calls (done calls)
     :nemesis (persistent! @nemesis)
     :errors (vec (sort-by (juxt #(- (+ (:fail %) (:info %))) (comp str :code)) (.values errors)))
     :violations (into {} (map (fn [[id w]] [id (seen w)])) watches)
     :open (.size pending)
     :last-time @last-time}))

;; --- Buckets ------------------------------------------------------------------------------------

(defn percentile
  "The value that a share p of a sorted array is not above, by nearest rank; nil for an empty one."
  [^longs sorted p]
  (let [n (alength sorted)]
    (when (pos? n)
      (aget sorted (int (max 0 (dec (long (Math/ceil (* (double p) n))))))))))

(defn- slots
  "The indices of calls by bucket, as [starts order]: those in bucket b are order[starts[b]] up to order[starts[b+1]]. `bucket` takes an index."
  [size total bucket]
  (let [size (int size)
        total (int total)
        starts (int-array (inc size))
        order (int-array total)]
    (dotimes [i total]
      (let [b (inc (int (bucket i)))] (aset starts b (inc (aget starts b)))))
    (dotimes [b size]
      (aset starts (inc b) (+ (aget starts b) (aget starts (inc b)))))
    (let [free (Arrays/copyOf starts (inc size))]
      (dotimes [i total]
        (let [b (int (bucket i))
              place (aget free b)]
          (aset order place i)
          (aset free b (inc place)))))
    [starts order]))

(defn- bucket-of [^longs times ^long width ^long n]
  (fn [i] (min (dec n) (max 0 (quot (aget times (int i)) width)))))

(defn buckets
  "A run of `last-time` ns in buckets of `width` ns: calls by outcome per bucket in which they ended, and the latencies of
  those answered :ok by when they began: [{:from :ok :fail :info :p50 :p99 :max}], latencies in ns, nil where there are none."
  [{:keys [n began ended outcome]} width last-time]
  (let [^longs began began
        ^longs ended ended
        ^bytes outcome outcome
        width (long width)
        size (max 1 (inc (quot (dec (max 1 (long last-time))) width)))
        counts (vec (repeatedly 3 #(long-array size)))
        [^ints starts ^ints order] (slots size n (bucket-of began width size))
        end-bucket (bucket-of ended width size)]
    (dotimes [i n]
      (let [^longs c (counts (long (aget outcome i)))
            b (int (end-bucket i))]
        (aset c b (inc (aget c b)))))
    (mapv (fn [b]
            (let [b (int b)
                  ok (->> (range (aget starts b) (aget starts (inc b)))
                          (map #(aget order (int %)))
                          (filter #(zero? (aget outcome (int %)))))
                  latencies (long-array (map #(- (aget ended (int %)) (aget began (int %))) ok))]
              (Arrays/sort latencies)
              {:from (* width b)
               :ok (aget ^longs (counts 0) b)
               :fail (aget ^longs (counts 1) b)
               :info (aget ^longs (counts 2) b)
               :p50 (percentile latencies 0.5)
               :p99 (percentile latencies 0.99)
               :max (percentile latencies 1)}))
          (range size))))

(defn latencies
  "Percentiles of all calls that were answered :ok, in ns: {:p50 :p99 :p999 :max}, or nil when there is none."
  [{:keys [n began ended outcome]}]
  (let [^longs began began
        ^longs ended ended
        ^bytes outcome outcome
        all (long-array (keep #(when (zero? (aget outcome (int %))) (- (aget ended (int %)) (aget began (int %)))) (range n)))]
    (Arrays/sort all)
    (when (pos? (alength all))
      {:p50 (percentile all 0.5) :p99 (percentile all 0.99) :p999 (percentile all 0.999) :max (percentile all 1)})))

(defn counts
  "Calls by outcome: {:ok :fail :info}."
  [{:keys [outcome]}]
  (merge {:ok 0 :fail 0 :info 0}
         (update-keys (frequencies (seq outcome)) #(outcomes (long %)))))

(defn density
  "How many calls of an outcome began in each cell of a grid of time and latency: {[column row] n}. `column` and `row` take nanoseconds."
  [{:keys [n began ended outcome]} kind column row]
  (let [^longs began began
        ^longs ended ended
        ^bytes outcome outcome
        kind (.indexOf ^java.util.List outcomes kind)
        cells (HashMap.)]
    (dotimes [i n]
      (when (= kind (aget outcome i))
        (let [b (aget began i)]
          (.merge cells [(column b) (row (- (aget ended i) b))] 1 +))))
    (into {} cells)))
