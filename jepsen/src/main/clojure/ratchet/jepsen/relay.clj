(ns ratchet.jepsen.relay
  "Numbers told out of band. A relay is a set of batons, one a key, that go round among workers: who has one takes a
  number of its key, and passes it on with the number. The next call is made at once, by another worker; every
  second time the baton rests first, so that a cluster is not flooded."
  (:import (java.util SplittableRandom)
           (java.util.concurrent DelayQueue Delayed TimeUnit)))

(set! *warn-on-reflection* true)

(deftype Baton [key told holder ^long refusals ^long passes ^long ready]
  Delayed
  (getDelay [_ unit] (.convert ^TimeUnit unit (- ready (System/nanoTime)) TimeUnit/NANOSECONDS))
  (compareTo [_ other] (Long/signum (- ready (.ready ^Baton other)))))

(defn relay
  "A relay of batons for these keys. `rest` is the mean time that one rests, in nanoseconds; with `observe?`, the
  epoch is passed on as well."
  [{:keys [keys] :as settings}]
  (let [queue (DelayQueue.)
        now   (System/nanoTime)]
    (doseq [key keys]
      (.put queue (->Baton key nil nil 0 0 now)))
    (assoc settings :queue queue)))

(def ^:private refusal-nanos 1000000)

(def ^:private most-refusals
  "How often a worker leaves a baton of its own to others: then there are none, or all wait for an answer."
  50)

(defn- refused
  "A baton that lies there for another worker."
  [^Baton baton]
  (->Baton (.key baton) (.told baton) (.holder baton) (inc (.refusals baton)) (.passes baton)
           (+ (System/nanoTime) (long refusal-nanos))))

(defn take-baton!
  "The next baton that another worker passed on, or nil when none came in time."
  [{:keys [^DelayQueue queue]} worker ^long wait-nanos]
  (when-let [^Baton baton (.poll queue wait-nanos TimeUnit/NANOSECONDS)]
    (if (and (= worker (.holder baton)) (< (.refusals baton) (long most-refusals)))
      (do (.put queue (refused baton))
          nil)
      baton)))

(defn op
  "What is called with a baton."
  [{:keys [observe?]} ^Baton baton]
  {:f     :next
   :value (cond-> {:key (.key baton)}
            (.told baton) (assoc :told (cond-> (.told baton) observe? (assoc :observe true))))})

(defn pass-on!
  "Gives a baton to the next worker, with the number that the call got, or else with the one before."
  [{:keys [^DelayQueue queue ^long rest]} ^Baton baton worker done ^SplittableRandom random]
  (let [{:keys [first epoch]} (:value done)
        passes (inc (.passes baton))
        pause  (if (and (odd? passes) (= :ok (:type done)))
                 0
                 (long (* rest (+ 0.5 (.nextDouble random)))))]
    (.put queue (->Baton (.key baton)
                         (if (= :ok (:type done))
                           {:number first :epoch epoch :process (:process done)}
                           (.told baton))
                         worker 0 passes (+ (System/nanoTime) pause)))))
