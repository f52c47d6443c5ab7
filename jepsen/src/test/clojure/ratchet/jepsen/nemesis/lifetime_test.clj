(ns ratchet.jepsen.nemesis.lifetime-test
  "When faults begin and end, with one that does nothing in their place."
  (:require [clojure.test :refer [deftest is]]
            [ratchet.jepsen.cluster :as cluster]
            [ratchet.jepsen.nemesis :as nemesis]
            [ratchet.jepsen.nemesis.action :as action]
            [ratchet.jepsen.runner :as runner]))

(def ^:private log (atom []))

(defmethod action/begin! ::sham [_ {:keys [id takes fails?]}]
  (when takes (Thread/sleep (long takes)))
  (when fails? (throw (ex-info "no such node" {})))
  (swap! log conj [:begin id])
  {:nodes ["n"]})

(defmethod action/heal! ::sham [_ {:keys [id after]} {:keys [nodes]}]
  (when (and after (not (some #{[:heal after]} @log)))
    (throw (ex-info "cannot delete a:\ncannot delete b:" {})))
  (swap! log conj [:heal id])
  {:nodes nodes})

(defn- made [& entries]
  (reset! log [])
  (nemesis/nemesis {:ending (atom false)} (vec entries)))

(defn- begin [nemesis id]
  (runner/invoke! nemesis {:f ::sham :value {:fault id}}))

(defn- heal [nemesis id]
  (runner/invoke! nemesis {:f (nemesis/heal-of ::sham) :value {:fault id}}))

(deftest a-heal-waits-for-its-fault-and-for-all-of-its-time
  (let [nemesis (made {:id 0 :f ::sham :for 300 :takes 200})
        began   (future (begin nemesis 0))
        start   (System/nanoTime)
        healed  (:value (heal nemesis 0))]
    (is (<= 500 (quot (- (System/nanoTime) start) 1000000)))
    (is (= ["n"] (:nodes (:value @began)) (:nodes healed)))
    (is (:healed healed))
    (is (nat-int? (:took healed)))
    (is (= [[:begin 0] [:heal 0]] @log))))

(deftest what-could-not-begin-needs-no-heal
  (let [nemesis (made {:id 0 :f ::sham :for 0 :fails? true})]
    (is (thrown? clojure.lang.ExceptionInfo (begin nemesis 0)))
    (is (= {:fault 0} (:value (heal nemesis 0))))
    (is (= [] @log))))

(deftest at-the-end-what-is-left-is-healed-once
  (let [nemesis (made {:id 0 :f ::sham :for 0} {:id 1 :f ::sham :for 100000} {:id 2 :f ::sham :for 0})]
    (begin nemesis 0)
    (begin nemesis 1)
    (heal nemesis 0)
    (with-redefs [cluster/start-all! (fn [_])]
      (is (= {:healed [1]} (:value (runner/invoke! nemesis {:f :heal-all :value {}}))))
      (is (= {:healed []} (:value (runner/invoke! nemesis {:f :heal-all :value {}})))))
    (is (= [[:begin 0] [:begin 1] [:heal 0] [:heal 1]] @log))))

(deftest what-another-fault-was-in-the-way-of-is-healed-after-it
  (let [nemesis (made {:id 0 :f ::sham :for 0 :after 1} {:id 1 :f ::sham :for 0})]
    (begin nemesis 0)
    (begin nemesis 1)
    (with-redefs [cluster/start-all! (fn [_])]
      (is (= {:healed [0 1]} (:value (runner/invoke! nemesis {:f :heal-all :value {}})))))
    (is (= [[:begin 0] [:begin 1] [:heal 1] [:heal 0]] @log))))

(deftest what-can-not-be-healed-is-told-in-a-line
  (let [nemesis (made {:id 0 :f ::sham :for 0 :after 7})]
    (begin nemesis 0)
    (with-redefs [cluster/start-all! (fn [_])]
      (is (= {:healed [0] :failed {0 "cannot delete a:"}}
             (:value (runner/invoke! nemesis {:f :heal-all :value {}})))))))
