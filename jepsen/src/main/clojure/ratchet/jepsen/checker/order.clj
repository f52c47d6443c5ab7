(ns ratchet.jepsen.checker.order
  "G3, real-time order: if A returned before B was called, all numbers of A are below all of B, for each key.
  G2, session order: the same among calls of one process, and for what a process was told with an epoch; that holds
  whatever clocks do.

  One pass over the history. For each key the highest number that was returned so far is kept; a call remembers it
  as it is invoked, and must get more. A call that ended unknown took numbers that nobody saw, so it says nothing of
  others, and others say nothing of it. That is all that there is to check: among numbers that are unique, an order of
  all calls that respects both numbers and real time exists if and only if no pair contradicts it."
  (:require [ratchet.jepsen.checker.violations :as violations]
            [ratchet.jepsen.effects :as effects]
            [ratchet.jepsen.history :as history])
  (:import (java.util ArrayList HashMap)))

(set! *warn-on-reflection* true)

(defrecord Seen [^long number call])

(defn- raise!
  "Takes in that a number of a key was seen."
  [^HashMap highest key ^long number call]
  (let [before (.get highest key)]
    (when (or (nil? before) (< (long (:number before)) number))
      (.put highest key (->Seen number call)))))

(defn in-real-time
  "Walks through calls by real time. `seen` gives what an answered call has seen, as [key lowest highest]; `scope` a value:
  only calls of the same scope are held against each other. Gives [earlier call, later call, key, earlier number, later
  number] for each call whose lowest is not above what was seen before it was called, or, where `may-equal?` says
  so of the call, below it."
  [calls {:keys [seen scope may-equal?] :or {scope (constantly nil), may-equal? (constantly false)}}]
  (let [highest (HashMap.)
        broken  (ArrayList.)
        answers (ArrayList. ^java.util.Collection (filter #(= :ok (:type %)) calls))
        _       (.sort answers (fn [a b] (Long/compare (:i1 a) (:i1 b))))
        size    (.size answers)]
    ;; Two fingers: calls by invocation, answers by completion.
    (loop [calls (seq calls), at 0]
      (when-let [call (first calls)]
        (let [at (loop [at at]
                   (if (and (< at size) (< (long (:i1 (.get answers at))) (long (:i0 call))))
                     (let [answer (.get answers at)]
                       (doseq [[key _ number] (seen answer)]
                         (raise! highest [(scope answer) key] number answer))
                       (recur (inc at)))
                     at))]
          (when (= :ok (:type call))
            (doseq [[key lowest] (seen call)]
              (when-let [before (.get highest [(scope call) key])]
                (when (if (may-equal? call)
                        (< (long lowest) (long (:number before)))
                        (<= (long lowest) (long (:number before))))
                  (.add broken [(:call before) call key (:number before) lowest])))))
          (recur (next calls) (long at)))))
    (vec broken)))

(defn- numbers-of [call]
  (map (juxt :key :first :last) (history/takes call)))

(defn- current? [call]
  (= :current (:f call)))

(defn- seen-by-caller
  "What a call has shown its caller: the numbers it got, or the number that was said to be the last."
  [call]
  (if (current? call)
    (let [{:keys [key number]} (:value (:complete call))]
      [[key number number]])
    (numbers-of call)))

(defn allowed-by-clocks
  "A function of a key and two calls: whether lease mode may break real-time order between them, since the rate of a clock was
  beyond the limits. Never so in a strict namespace."
  [faults spaces]
  (let [spans (effects/spans effects/beyond-clocks? faults)]
    (fn [^String key earlier later]
      (and (not (:strict (get spaces (subs key 0 (max 0 (.indexOf key ":"))))))
           (effects/overlaps? spans (:t0 earlier) (:t1 later))))))

(defn check
  "Real-time order of numbers."
  [history opts]
  (let [{:keys [calls]} (history/index-of history opts)
        allowed? (allowed-by-clocks (:faults opts) (:spaces opts))]
    (violations/result
      (for [[earlier later key before number] (in-real-time (filter history/takes? calls) {:seen numbers-of})]
        (cond-> (violations/violation
                  (str key " gave " number " to a call that began after " before " was returned")
                  earlier later)
          (allowed? key earlier later) (assoc :allowed :clock-rate))))))

;; Sessions.

(defn- told-too-low
  "Calls that got no more than what they were told, with the epoch that went with it."
  [calls]
  (for [call  calls
        :let  [{:keys [key told]} (:value (:invoke call))]
        :when (and told (= :ok (:type call)) (:observed (:value (:complete call))))
        [_ lowest] (numbers-of call)
        :when (<= (long lowest) (long (:number told)))]
    (violations/violation
      (str "process " (:process call) " was told " (:number told) " of " key " under epoch " (:epoch told)
           ", and then got " lowest)
      call)))

(defn- session
  "What keeps a floor: a process, as long as it calls over the same client or router."
  [call]
  [(:process call) (:via (:value (:complete call)))])

(defn- epochs-back
  "Answers of an epoch below one that the process had seen of the key before."
  [calls]
  (let [epochs (HashMap.)]
    (loop [calls (seq calls), found []]
      (if-let [call (first calls)]
        (let [seen (for [[key epoch] (case (:f call)
                                       (:next :range :current)
                                       (let [{:keys [key epoch]} (:value (:complete call))] [[key epoch]])
                                       :next-all
                                       (let [{:keys [keys epochs]} (:value (:complete call))] (map vector keys epochs))
                                       nil)
                         :when (and epoch (= :ok (:type call)))]
                     [[(session call) key] epoch])
              back (vec (for [[of epoch] seen
                              :let [[before earlier] (.get epochs of)]
                              :when (and before (< (long epoch) (long before)))]
                          (violations/violation
                            (str "process " (:process call) " saw epoch " epoch " of " (second of)
                                 " after epoch " before)
                            earlier call)))]
          (doseq [[of epoch] seen]
            (.put epochs of [epoch call]))
          (recur (next calls) (into found back)))
        found))))

(defn check-sessions
  "Session order of numbers, currents and epochs."
  [history opts]
  (let [{:keys [calls]} (history/index-of history opts)]
    (violations/result
      (concat
        (for [[earlier later key before number]
              (in-real-time calls {:seen seen-by-caller, :scope session, :may-equal? current?})]
          (violations/violation
            (str "process " (:process later) " saw " number " of " key " after " before)
            earlier later))
        (told-too-low calls)
        (epochs-back calls)))))
