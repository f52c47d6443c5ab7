(ns ratchet.jepsen.generator-test
  (:require [clojure.test :refer [deftest is]]
            [ratchet.jepsen.generator :as generator]
            [ratchet.jepsen.workload :as workload]))

(def ^:private spaces [(workload/space "r" :lease) (workload/space "r" :names)])
(def ^:private crew {:conn :owner :mix {:next 6 :range 1 :next-all 1 :current 2} :hot 3 :cold 100 :hot-share 0.5})

(defn- ops [seed worker]
  (take 2000 (generator/ops {:seed seed :worker worker :crew crew :spaces spaces :mean-pause 1e6})))

(deftest a-seed-and-a-worker-say-all
  (is (= (ops 1 0) (ops 1 0)))
  (is (not= (ops 1 0) (ops 2 0)))
  (is (not= (ops 1 0) (ops 1 1))))

(deftest a-mix-goes-by-weight
  (let [{:keys [next range next-all current]} (frequencies (map :f (ops 1 0)))]
    (is (< 1050 next 1350))
    (is (< 130 range 270))
    (is (< 130 next-all 270))
    (is (< 320 current 480))))

(deftest few-keys-get-much
  (let [by-key (frequencies (keep (comp :key :value) (ops 1 0)))
        hot    (set (for [space spaces, n (clojure.core/range 3)] (generator/key-name space n)))]
    (is (< 0.45 (/ (reduce + (map by-key hot)) (reduce + (vals by-key))) 0.55))
    (is (< 150 (count by-key)))))

(deftest pauses-have-the-mean-asked-for
  (let [pauses (map :pause (ops 1 0))]
    (is (every? #(<= 500000 % 1500000) pauses))
    (is (< 970000 (/ (reduce + pauses) (count pauses)) 1030000))))

(deftest a-batch-names-no-key-twice-and-one-namespace
  (doseq [{:keys [f value]} (ops 1 0) :when (= :next-all f)]
    (is (apply distinct? (:keys value)))
    (is (= 1 (count (distinct (map #(re-find #"^[^:]+" %) (:keys value))))))))

(deftest neighbours-are-in-different-sections
  (let [space (workload/space "r" :lease)
        java  (workload/namespace-of space)]
    (is (= (range 16)
           (for [n (range 16)]
             (.sectionOf java (.keyOf java (.getBytes ^String (subs (generator/key-name space n) (count "lease-r:"))))))))))

(deftest a-sweep-calls-every-section
  (is (= 32 (count (distinct (map (comp :key :value) (generator/sweep spaces)))))))

(deftest every-workload-has-crews-that-can-do-what-they-are-asked
  (doseq [[name {:keys [doc crews]}] workload/workloads
          {:keys [conn spaces mix relay weight]} crews]
    (is (string? doc) name)
    (is (pos? weight) name)
    (is (every? workload/spaces spaces) name)
    (is (or mix relay) name)
    (is (not (and (= :resp conn) (contains? mix :next-all))) name)))

(deftest twenty-workers-are-of-all-crews
  (doseq [[name {:keys [crews]}] workload/workloads]
    (is (= (count crews) (count (distinct (map :crew (workload/crews name 20))))) name)))
