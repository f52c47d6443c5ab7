(ns ratchet.jepsen.generator
  "What to call, when: an endless sequence of ops a worker, the same for the same seed. An op is
  `{:f :value :pause}`; `:pause` is the nanoseconds to leave between the op before and this one."
  (:import (java.util SplittableRandom)))

(set! *warn-on-reflection* true)

(defn random
  "A source of random numbers for a seed and whatever tells one use from another."
  ^SplittableRandom [seed & more]
  (SplittableRandom. (reduce (fn [^long mixed part]
                               (.nextLong (SplittableRandom. (unchecked-add mixed (long (hash part))))))
                             (long seed) more)))

(defn weighted
  "One of the keys of a map of weights."
  [^SplittableRandom random weights]
  (let [entries (sort-by (comp str key) weights)
        total   (reduce + (map val entries))]
    (loop [left (.nextInt random (int total)), entries entries]
      (let [[choice ^long weight] (first entries)]
        (if (< left weight)
          choice
          (recur (- left weight) (next entries)))))))

;; Keys.

(defn key-name
  "The name of key number n of a namespace. Neighbours are in different sections."
  [{:keys [name kind sections section-size]} n]
  (let [n (long n)]
    (case kind
      :uid    (let [sections (long sections)]
                (str name ":" (+ (* (mod n sections) (long section-size)) (quot n sections))))
      :string (str name ":key-" n))))

(defn- pick-number
  "A few keys get much, many get little."
  [^SplittableRandom random {:keys [hot cold hot-share]}]
  (if (< (.nextDouble random) (double hot-share))
    (.nextInt random (int hot))
    (+ (long hot) (.nextInt random (int cold)))))

(defn- pick-key [random crew spaces]
  (let [space (nth spaces (.nextInt ^SplittableRandom random (count spaces)))]
    (key-name space (pick-number random crew))))

;; Ops.

(def ^:private largest-range 20)
(def ^:private largest-batch 5)

(defn- one-in? [^SplittableRandom random n]
  (zero? (.nextInt random (int n))))

(defn- value [^SplittableRandom random f {:keys [conn] :as crew} spaces]
  (case f
    :next     {:key (pick-key random crew spaces)}
    :range    {:key (pick-key random crew spaces) :count (inc (.nextInt random largest-range))}
    :current  (cond-> {:key (pick-key random crew spaces)}
                (and (= :resp conn) (one-in? random 2)) (assoc :plain true))
    :next-all (let [space (nth spaces (.nextInt random (count spaces)))
                    size  (+ 2 (.nextInt random (dec largest-batch)))]
                ;; Distinct: of a key that occurs twice either number may be the lower.
                {:keys (->> (repeatedly #(key-name space (pick-number random crew)))
                            (take (* 2 size)) distinct (take size) vec)})))

(defn- pause
  "Half to one and a half of the mean."
  [^SplittableRandom random ^double mean]
  (long (* mean (+ 0.5 (.nextDouble random)))))

(defn ops
  "The ops of one worker of a crew. `mean-pause` is in nanoseconds."
  [{:keys [seed worker crew spaces mean-pause]}]
  (let [random (random seed :worker worker)]
    (repeatedly
      (fn []
        (let [pause (pause random mean-pause)
              f     (weighted random (:mix crew))]
          {:f f :value (value random f crew spaces) :pause pause})))))

(defn sweep
  "A call for each section of each namespace, to see that all are served."
  [spaces]
  (for [space spaces, n (range (:sections space))]
    {:f :next :value {:key (key-name space n)}}))
