(ns ratchet.jepsen.checker.current
  "G5: `current` says the last number issued, or, after a crash, an upper bound that says that it is one.

  Take a call C of `current` for a key, that was told v. Somewhere between its invocation and its return, at a time t, the
  owner looked at the key. What a history can tell:

  Never too low. A number returned before C was invoked was issued before t. So v is at least as high, be it exact or
  a bound. The same for a v that was returned before: what was issued, or below the base, stays so.

  Never overtaken. If v is exact, everything above v is issued after t, by the owner of that time or a later one, from a
  counter that stands at v or more. If v is a bound, it is the base of the section, and the key's next number lies
  above it. So a call that is invoked after C returned gets numbers above v. Numbers that are *below* v and were
  returned by a call that overlaps C say nothing: that call may have been served before t.

  Never too high, when exact. The counter stands at v at t, so v is the last number of one call: it moves from one call's
  last number to the next one's, and is never inside a range. Three cases:
  - v is the last number of a call that was answered. That call was served before t, so it was invoked before C
    returned; otherwise it breaks the rule before.
  - v lies inside a range, but not at its end: wrong, always.
  - v was told to nobody. Then a call whose numbers nobody saw took it, and there must be one that can have, invoked before C returned
    (see `checker.hidden`): a call that ended unknown, or was not confirmed in time, or an attempt that a disruptive fault cut
    off inside a call that was answered later.
    If there is none, no number v was ever issued: it is the base of a section, say, passed off as exact. That larger
    numbers are returned later does not make it right, for they start above the base as well.

  A bound needs a crash. With none before C returned, every base is 0, and v must be exact. (Plain GET does not say which it
  is, so of it only the first two are asked.)

  The first two rest on real-time order. They may be broken in lease mode when clock rates are beyond its limits,
  and count as allowed then."
  (:require [ratchet.jepsen.checker.hidden :as hidden]
            [ratchet.jepsen.checker.order :as order]
            [ratchet.jepsen.checker.violations :as violations]
            [ratchet.jepsen.effects :as effects]
            [ratchet.jepsen.history :as history]))

(set! *warn-on-reflection* true)

(defn- current? [call]
  (= :current (:f call)))

(defn- told
  "What a call of `current` was told."
  [call]
  (:value (:complete call)))

(defn- seen [call]
  (if (current? call)
    [[(:key (told call)) (:number (told call)) (:number (told call))]]
    (map (juxt :key :first :last) (history/takes call))))

(defn- out-of-order
  "Currents that are too low, and numbers and currents that a current overtook."
  [calls opts]
  (let [allowed? (order/allowed-by-clocks (:faults opts) (:spaces opts))]
    (for [[earlier later key before number] (order/in-real-time calls {:seen seen, :may-equal? current?})
          :when (or (current? earlier) (current? later))]
      (cond-> (violations/violation
                (if (current? later)
                  (str key " was said to be at " number " after "
                       (if (current? earlier) "it was said to be at " "it gave ") before)
                  (str key " gave " number " after it was said to be at " before))
                earlier later)
        (allowed? key earlier later) (assoc :allowed :clock-rate)))))

(defn- at-or-below
  "The take with the highest first number that is not above v, by binary search; takes are in order."
  [takes ^long v]
  (loop [low 0, high (count takes)]
    (if (= low high)
      (when (pos? low) (nth takes (dec low)))
      (let [middle (quot (+ low high) 2)]
        (if (<= (long (:first (nth takes middle))) v)
          (recur (inc middle) high)
          (recur low middle))))))

(defn- untold-possible
  "A function of a key and a call of `current`: whether some call may have taken a number that nobody saw before it
  returned."
  [index opts]
  (let [most-hidden (hidden/most-hidden (hidden/unsure index (:spaces opts)))
        spans       (hidden/disrupted opts)
        ;; For each key the earliest invocation of an answered call that a fault may have cut off at first.
        cut-off     (update-vals (:takes index)
                                 (fn [takes]
                                   (reduce (fn [^long least {:keys [call]}]
                                             (if (and (< (long (:i0 call)) least)
                                                      (effects/overlaps? spans (:t0 call) (:t1 call)))
                                               (long (:i0 call))
                                               least))
                                           (long history/never) takes)))]
    (fn [key call]
      (or (pos? (long (most-hidden key (:t1 call))))
          (< (long (get cut-off key history/never)) (long (:i1 call)))))))

(defn- wrongly-exact [key call takes untold-possible?]
  (let [v    (long (:number (told call)))
        near (at-or-below takes v)]
    (cond
      (zero? v) nil
      (and near (< v (long (:last near))))
      (violations/violation (str key " was said to be at exactly " v ", which is inside a range that was taken at once")
                            call (:call near))
      (and near (= v (long (:last near)))) nil
      (untold-possible? key call) nil
      :else
      (violations/violation (str key " was said to be at exactly " v ", which nobody can have taken") call))))

(defn- exacts [index opts]
  (let [untold-possible? (untold-possible index opts)]
    (for [[key currents] (:currents index)
          :let  [takes (get-in index [:takes key] [])]
          call  currents
          :when (:exact (told call))
          :let  [wrong (wrongly-exact key call takes untold-possible?)]
          :when wrong]
      wrong)))

(defn- needless-bounds
  "Bounds though nothing can have crashed."
  [index opts]
  (let [crashed (or (ffirst (hidden/disrupted opts)) history/never)]
    (for [[key currents] (:currents index)
          call  currents
          :when (and (false? (:exact (told call))) (< (long (:t1 call)) (long crashed)))]
      (violations/violation (str key " was said to be at " (:number (told call))
                                 " at most, though nothing had crashed")
                            call))))

(defn check
  "All that `current` promises."
  [history opts]
  (let [index (history/index-of history opts)]
    (violations/result
      (concat (out-of-order (:calls index) opts)
              (exacts index opts)
              (needless-bounds index opts))
      {:currents (reduce + 0 (map count (vals (:currents index))))})))
