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
  (:import (java.util ArrayList Comparator HashMap)
           (ratchet.jepsen.history Call)))

(set! *warn-on-reflection* true)

(defrecord Seen [^long number call])

(defn- raise!
  "Takes in that a number of a key was seen."
  [^HashMap highest key ^long number call]
  (let [before ^Seen (.get highest key)]
    (when (or (nil? before) (< (.number before) number))
      (.put highest key (->Seen number call)))))

(defn- by-completion
  "Answered calls in the order in which they returned. Nearly sorted as they are, so this takes about one pass."
  ^ArrayList [calls]
  (doto (ArrayList. ^java.util.Collection (filterv #(= :ok (:type %)) calls))
    (.sort (reify Comparator (compare [_ a b] (Long/compare (.i1 ^Call a) (.i1 ^Call b)))))))

(defn- scoped
  "What is known of a scope."
  ^HashMap [^HashMap scopes scope]
  (or (.get scopes scope)
      (let [fresh (HashMap.)]
        (.put scopes scope fresh)
        fresh)))

(defn in-real-time
  "Walks through calls by real time. `seen` gives what an answered call has seen, as [key lowest highest]; `scope` a value:
  only calls of the same scope are held against each other. Gives [earlier call, later call, key, earlier number, later
  number] for each call whose lowest is not above what was seen before it was called, or, where `may-equal?` says
  so of the call, below it."
  [calls {:keys [seen scope may-equal?] :or {scope (constantly nil), may-equal? (constantly false)}}]
  (let [scopes  (HashMap.)
        broken  (ArrayList.)
        answers (by-completion calls)
        size    (.size answers)]
    ;; Two fingers: calls by invocation, answers by completion.
    (loop [calls (seq calls), at 0]
      (when-let [^Call call (first calls)]
        (let [at (loop [at at]
                   (let [^Call answer (when (< at size) (.get answers at))]
                     (if (and answer (< (.i1 answer) (.i0 call)))
                       (let [highest (scoped scopes (scope answer))]
                         (doseq [[key _ number] (seen answer)]
                           (raise! highest key number answer))
                         (recur (inc at)))
                       at)))]
          (when (= :ok (.type call))
            (let [highest (scoped scopes (scope call))
                  least   (if (may-equal? call) 0 1)]
              (doseq [[key lowest] (seen call)]
                (when-let [^Seen before (.get highest key)]
                  (when (< (long lowest) (+ least (.number before)))
                    (.add broken [(.call before) call key (.number before) lowest]))))))
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
  "What keeps a floor: a process; or, of a Redis client, its connection to one router."
  [call]
  (let [via (:via (:value (:complete call)))]
    (if (string? via)
      [(:process call) via]
      (:process call))))

(defn- epochs-of
  "The epochs that an answered call named, as [key epoch]."
  [call]
  (let [{:keys [key keys epoch epochs]} (:value (:complete call))]
    (if (= :next-all (:f call))
      (filter second (map vector keys epochs))
      (when epoch [[key epoch]]))))

(defn- epochs-back
  "Answers of an epoch below one that the session had seen of the key before."
  [calls]
  (let [sessions (HashMap.)
        broken   (ArrayList.)]
    (doseq [^Call call calls :when (= :ok (.type call))]
      (let [highest (scoped sessions (session call))]
        (doseq [[key epoch] (epochs-of call)]
          (let [[before earlier] (.get highest key)]
            (if (and before (< (long epoch) (long before)))
              (.add broken (violations/violation
                             (str "process " (:process call) " saw epoch " epoch " of " key " after epoch " before)
                             earlier call))
              (when (not= epoch before)
                (.put highest key [epoch call])))))))
    (vec broken)))

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
