(ns ratchet.jepsen.mutations-test
  "Each check accepts histories of a model that keeps the contract, and finds each way to break it in one place, whatever the
  seed."
  (:require [clojure.test :refer [deftest is testing]]
            [ratchet.jepsen.checker :as checker]
            [ratchet.jepsen.generator :as generator]
            [ratchet.jepsen.modelled :as modelled]
            [ratchet.jepsen.mutations :as mutations]))

(def ^:private seeds (range 60))

(def ^:private rough {:crashes 3 :unknown 0.03})
(def ^:private graceful {:crashes 0 :unknown 0.0})

(defn- result [history & checks]
  (checker/check history (cond-> {:spaces modelled/spaces :cold-ms 0} checks (assoc :checks checks))))

(defn- found
  "Asserts that a check finds a mutation in the histories of all seeds that have a place for it, which most have."
  [check mutate kind]
  (let [outcomes (for [seed seeds
                       :let [history (modelled/history (assoc kind :seed seed))
                             mutated (mutate history (generator/random seed :mutation))]
                       :when mutated]
                   [seed (not (:valid? (result mutated check)))])]
    (is (< 40 (count outcomes)) "too few histories have a place for it")
    (is (= [] (map first (remove second outcomes))) "seeds with which it was not found")))

(deftest what-keeps-the-contract-passes
  (doseq [kind [rough graceful], seed seeds]
    (testing (str "seed " seed " of " kind)
      (let [{:keys [valid? ops] :as result} (result (modelled/history (assoc kind :seed seed)))]
        (is valid? (pr-str (into {} (for [[name {:keys [valid? violations]}] (:checks result) :when (not valid?)]
                                      [name (map :why violations)]))))
        (is (< 200 (:ok ops)))))))

(deftest a-repeated-number-is-found (found :unique mutations/repeat-number rough))
(deftest swapped-numbers-are-found (found :order mutations/swap-numbers rough))
(deftest numbers-swapped-in-a-session-are-found (found :sessions mutations/swap-in-session rough))
(deftest an-epoch-that-goes-back-is-found (found :sessions mutations/epoch-back rough))
(deftest ranges-that-overlap-are-found (found :ranges mutations/overlap-range rough))
(deftest a-range-too-short-is-found (found :ranges mutations/shorten-range rough))
(deftest a-current-too-low-is-found (found :current mutations/current-too-low rough))
(deftest a-current-too-high-is-found (found :current mutations/current-too-high rough))
(deftest a-current-that-goes-down-is-found (found :current mutations/current-goes-down rough))
(deftest a-current-inside-a-range-is-found (found :current mutations/current-inside-range rough))
(deftest an-exact-current-from-nowhere-is-found (found :current mutations/exact-from-nowhere graceful))
(deftest a-bound-without-a-crash-is-found (found :current mutations/bound-without-crash graceful))
(deftest a-number-skipped-for-nothing-is-found (found :gaps mutations/skip-a-number graceful))
(deftest windows-skipped-for-nothing-are-found (found :gaps mutations/skip-many-windows rough))
(deftest a-silence-is-found (found :availability mutations/fall-silent graceful))
