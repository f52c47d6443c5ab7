(ns ratchet.jepsen.report.sample
  "Made-up runs that look like real ones, from a seed: for the report's tests, and to look at its page without a cluster.
  Callers take numbers of some keys; each fault silences some of them for a while, fails others and leaves some unanswered."
  (:require [clojure.java.io :as io]
            [clojure.string :as str]
            [ratchet.jepsen.history :as history]
            [ratchet.jepsen.nemesis.target :as target])
  (:import (java.util Random)))

(set! *warn-on-reflection* true)

(def ^:private kinds
  [{:f :kill :role "alloc" :silence 2300}
   {:f :pause :role "alloc" :silence 2100}
   {:f :partition :role "zone" :silence 900 :on :halves}
   {:f :packet-loss :role "zone" :silence 0 :on :minority}
   {:f :clock-jump :role "alloc" :silence 0}
   {:f :disk-full :role "store" :silence 0}
   {:f :drain :role "alloc" :silence 60}])

(def nodes
  "The default cluster."
  (vec (concat
         (for [i (range 1 6)] {:name (str "store-" i) :role :store :zone (str "zone-" i)})
         (for [i (range 1 6)] {:name (str "alloc-" i) :role :alloc :zone (str "zone-" i)})
         (for [i (range 1 3)] {:name (str "router-" i) :role :router :zone (str "zone-" i)}))))

(defn- pick [^Random random coll]
  (nth coll (.nextInt random (count coll))))

(defn- targets [random role]
  (if (= role "zone")
    {:zones (target/shuffled (.nextInt ^Random random 1000) (map #(str "zone-" %) (range 1 6)))}
    {:nodes [(str role "-" (inc (.nextInt ^Random random 5)))]}))

(defn faults
  "So many faults, spread over a run of so many milliseconds: {:id :from :to :f :hit :silent :silence}."
  [seed n length]
  (let [random (Random. seed)]
    (vec (for [i (range n)
               :let [kind (pick random kinds)
                     gap (/ (* 0.85 length) n)
                     from (long (+ (* 0.06 length) (* i gap) (* 0.3 gap (.nextDouble random))))
                     lasts (long (+ 1500 (* 3500 (.nextDouble random))))]]
           (assoc kind
                  :id i :from from :to (min (- length 200) (+ from lasts))
                  :hit (cond-> (targets random (:role kind)) (:on kind) (assoc :on (:on kind)))
                  :silent (.nextInt random 8)
                  :silence (long (* (:silence kind) (+ 0.7 (* 0.35 (.nextDouble random))))))))))

(defn- silencing [faults section at]
  (first (filter #(and (= section (:silent %)) (<= (:from %) at (+ (:from %) (long (:silence %)))) (pos? (long (:silence %)))) faults)))

(defn- latency-ms [^Random random faults at]
  (let [base (Math/exp (+ -0.2 (* 0.7 (.nextGaussian random))))
        slow (if (some #(and (= :packet-loss (:f %)) (<= (:from %) at (:to %))) faults) (* 40 (Math/abs (.nextGaussian random))) 0)
        pause (if (< (.nextInt random 4000) 3) (* 60 (.nextDouble random)) 0)]
    (+ base slow pause)))

(defn- call
  "A call that begins at so many ms: its end, how it ends, and why."
  [^Random random faults key at]
  (let [section (mod (hash key) 8)]
    (if-let [{:keys [from silence]} (silencing faults section at)]
      (let [back (+ from silence)
            luck (.nextDouble random)]
        (cond
          (< luck 0.02) {:to (+ at 3000) :type :info :error [:timeout "no answer within 3000 ms"]}
          (< luck 0.05) {:to (+ at (* 400 (.nextDouble random))) :type :fail :error [:lease-lost "the lease of alloc-2 is over"]}
          (< luck 0.06) {:to (+ at 5) :type :info :error [:connection-lost "connection reset by peer"]}
          :else {:to (+ (max back at) (latency-ms random faults at) (* 30 (.nextDouble random))) :type :ok}))
      {:to (+ at (latency-ms random faults at)) :type :ok})))

(defn- calls-of-worker [seed worker {:keys [length every keys faults concurrency]}]
  (let [random (Random. (+ seed (* 7919 (long worker))))]
    (loop [at (double (* every (.nextDouble random))), process worker, calls (transient [])]
      (if (> at (- length 50))
        (persistent! calls)
        (let [key (str "default:" (.nextInt random keys))
              {:keys [to type] :as end} (call random faults key at)
              call (merge end {:process process :key key :at at :f (if (< (.nextInt random 10) 1) :range :next) :count (inc (.nextInt random 9))})
              process (if (= :info type) (+ process concurrency) process)]
          (recur (double (max to (+ at (* every (+ 0.5 (.nextDouble random)))))) process (conj! calls call)))))))

(defn- ns-of [ms] (long (* 1e6 (double ms))))

(defn- numbered
  "Numbers for calls by the order in which they end: so later calls get larger ones."
  [calls]
  (loop [calls (sort-by :to calls), next-of {}, out (transient [])]
    (if-let [{:keys [key f count] :as call} (first calls)]
      (let [n (if (= f :range) count 1)
            first (get next-of key 1)]
        (recur (rest calls) (assoc next-of key (+ first n)) (conj! out (assoc call :first first :n n))))
      (persistent! out))))

(defn- call-ops [{:keys [process f key at to type error first n]}]
  (let [value (cond-> {:key key} (= f :range) (assoc :count n))]
    [{:type :invoke :process process :f f :value value :time (ns-of at)}
     (cond-> {:type type :process process :f f :time (max (inc (ns-of at)) (ns-of to))
              :value (if (= :ok type) {:key key :first first :count n :epoch 5} value)}
       error (assoc :error error))]))

(defn- fault-ops [{:keys [id f from to hit]}]
  (let [op (fn [f at value] {:process :nemesis :type :info :f f :value (assoc value :fault id) :time (ns-of at)})
        heal (keyword (str "heal-" (name f)))]
    [(op f from {}) (op f (+ from 40) hit) (op heal to {}) (op heal (+ to 60) (assoc hit :healed true))]))

(defn- end-ops [length]
  (for [[f after value] [[:heal-all 0 {}] [:heal-all 1 {:healed []}] [:whole 2 {}] [:whole 3 {:whole? true :whole-ms 840}]]]
    {:process :nemesis :type :info :f f :value value :time (ns-of (+ length after))}))

(defn run-of
  "A made-up run: {:history :faults :length}. Options: :seed, :seconds, :rate of calls a second, :faults, how many."
  [{:keys [seed seconds rate faults] :or {seed 1 seconds 30 rate 300 faults 6}}]
  (let [length (* 1000 seconds)
        faults (ratchet.jepsen.report.sample/faults seed faults length)
        concurrency 20
        shape {:length length :every (/ (* 1000.0 concurrency) rate) :keys 40 :faults faults :concurrency concurrency}
        calls (mapcat #(calls-of-worker seed % shape) (range concurrency))
        ops (concat (mapcat call-ops (numbered calls)) (mapcat fault-ops faults) (end-ops length))]
    {:history (vec (map-indexed (fn [i op] (assoc op :index i)) (sort-by :time ops)))
     :faults faults
     :length length}))

(defn results
  "Results as checkers would give them; with violations of two checks when asked."
  [{:keys [history faults]} broken?]
  (let [oks (filter #(and (= :ok (:type %)) (= :next (:f %))) history)
        same-key (first (filter #(> (count %) 20) (vals (group-by (comp :key :value) oks))))
        [a b c d] (map #(nth same-key %) [8 9 14 17])
        repeated {:why (str (:first (:value a)) " of " (:key (:value a)) " was handed out twice") :ops [a b]}
        late {:why (str (:first (:value d)) " came after " (:first (:value c)) " was returned") :ops [c d]}
        ms (fn [f] (:silence f))
        silent (filter #(pos? (:silence %)) faults)]
    {:valid? (not broken?)
     :ops {:ok (count oks)}
     :checks
     {:unique (if broken? {:valid? false :count 1 :violations [repeated]} {:valid? true :numbers (count oks)})
      :order (if broken? {:valid? false :count 214 :violations [late late]} {:valid? true :pairs (count oks)})
      :ranges {:valid? true :ranges 812}
      :current {:valid? true :exact 200 :bounds 3}
      :gaps {:valid? true :skipped 20000 :crashes (count silent)}
      :availability {:valid? true
                     :failover {:p50 1640.0 :p99 1990.5 :max (reduce max 0 (map ms silent))
                                :faults (into {} (for [f silent] [(:id f) {:ms (ms f) :key (str "default:" (:silent f)) :keys 5}]))}}
      :health {:valid? true :nodes 12 :serving-ms 840}}}))

(defn write-run!
  "Writes the folder of a made-up run."
  [dir {:keys [broken? seed seconds] :or {seed 1 seconds 30} :as options}]
  (let [{:keys [history faults] :as run} (run-of options)
        log (io/file dir "nodes" "alloc-2" "out.log")]
    (io/make-parents log)
    (history/write-file (io/file dir "history.edn") history)
    (spit (io/file dir "schedule.edn") (pr-str (vec (map #(select-keys % [:id :f]) faults))))
    (spit (io/file dir "results.edn") (pr-str (results run broken?)))
    (spit (io/file dir "test.edn")
          (pr-str {:workload :next :zones 5 :seed seed :time seconds :faults (vec (distinct (map :f faults)))
                   :started "2026-03-04T05:06:07Z" :nodes nodes
                   :versions {:ratchet "0.1.0" :clojure "1.12.5" :java "17.0.15" :linux "6.1.0"}}))
    (spit log (str/join "\n" ["2026-03-04 05:06:09,120 INFO  [main] d.r.alloc.Node: serving 512 sections"
                              "2026-03-04 05:06:11,482 ERROR [raiser-1] d.r.alloc.Raiser: the store answered <nothing> & \"went away\""
                              ""]))
    dir))

(defn -main
  "Writes a run and its report: DIR SEED SECONDS RATE FAULTS [broken]."
  [dir seed seconds rate faults & [broken]]
  (write-run! dir {:seed (parse-long seed) :seconds (parse-long seconds) :rate (parse-long rate) :faults (parse-long faults)
                   :broken? (some? broken)})
  (println ((requiring-resolve 'ratchet.jepsen.report/write!) dir))
  (shutdown-agents))
