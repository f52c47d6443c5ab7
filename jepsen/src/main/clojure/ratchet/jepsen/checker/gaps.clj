(ns ratchet.jepsen.checker.gaps
  "G4: numbers are skipped only by a crash, at most a window a section, or by a call that was never answered.

  The numbers of a key are looked at in order. Where one does not follow the one before, the numbers between were taken or
  skipped after the first of the two calls was invoked and before the second returned. In that time there must have been

  - a call of the key that ended unknown, for no more numbers in all than such calls may have taken; or
  - a disruptive fault. It may have cut off an attempt of a call that was answered later; that skips less than a
    window. Or it ended the owner: then the next epoch starts at the ceiling of the section, whatever the key was at. How high
    that may be is known from the section's other keys: at most a window above the highest number of an earlier epoch, for each grant
    since. Epochs, not times, say what is earlier, so that two keys which jump together don't excuse each other.

  Graceful faults explain nothing: without others and without unknown calls no number may be missing. A window is one and
  a half steps and the largest range: a ceiling is raised by a step when half a step is left.

  Numbers that came without an epoch (RESP) are held to the first two sentences alone."
  (:require [ratchet.jepsen.checker.hidden :as hidden]
            [ratchet.jepsen.checker.violations :as violations]
            [ratchet.jepsen.effects :as effects]
            [ratchet.jepsen.history :as history]
            [ratchet.jepsen.workload :as workload])
  (:import (dev.ratchet.proto.key Namespace)
           (java.nio.charset StandardCharsets)))

(set! *warn-on-reflection* true)

;; Sections.

(defn- sections
  "A function of a key: its section as [namespace section]."
  [spaces]
  (let [namespaces (update-vals spaces workload/namespace-of)]
    (fn [^String key]
      (let [colon (.indexOf key ":")
            name  (subs key 0 (max 0 colon))]
        (if-let [^Namespace space (get namespaces name)]
          [name (.sectionOf space (.keyOf space (.getBytes (subs key (inc colon)) StandardCharsets/UTF_8)))]
          [name nil])))))

(defn- largest-count [{:keys [calls]}]
  (reduce max 1 (for [call calls, [_ count] (history/asked call)] count)))

(defn- highest-by-epoch
  "For each section the highest number of each epoch and all before: section → sorted map epoch → number."
  [takes section-of]
  (->> (for [[key takes] takes
             :let  [section (section-of key)]
             {:keys [last epoch]} takes
             :when epoch]
         [section epoch last])
       (reduce (fn [all [section epoch last]]
                 (update all section (fnil update (sorted-map)) epoch (fnil max 0) last))
               {})
       (#(update-vals % (fn [by-epoch]
                          (second
                            (reduce (fn [[highest sums] [epoch last]]
                                      (let [highest (max (long highest) (long last))]
                                        [highest (assoc sums epoch highest)]))
                                    [0 (sorted-map)] by-epoch)))))))

(defn- before-epoch
  "The latest epoch of a section below this one that gave a number, and its highest number."
  [by-epoch epoch]
  (or (some-> by-epoch (rsubseq < epoch) first) [0 0]))

;; Gaps.

(defrecord Gap [key before after ^long size])

(defn- gaps-of
  "Where the numbers of a key don't follow each other; the first follows 0, if the key is fresh."
  [key takes fresh?]
  (loop [before (when-not fresh? (first takes))
         takes  (if fresh? takes (next takes))
         found  []]
    (if-let [take (first takes)]
      (let [at   (if before (long (:last before)) 0)
            size (- (long (:first take)) at 1)]
        (recur (if (< at (long (:last take))) take before)
               (next takes)
               (cond-> found (pos? size) (conj (->Gap key before take size)))))
      found)))

(defn- span-of [{:keys [before after]}]
  [(if before (:t0 (:call before)) 0) (:t1 (:call after))])

(defn- describe [{:keys [key before after size]}]
  (str key " skipped " size " numbers before " (:first after)
       (when (:epoch after) (str " in epoch " (:epoch after)))
       ", after " (:last before 0)
       (when (:epoch before) (str " in epoch " (:epoch before)))))

(defn- violation [gap why]
  (apply violations/violation (str (describe gap) ": " why)
         (map :call (remove nil? [(:before gap) (:after gap)]))))

(defn- too-large
  "What is wrong with the size of a gap that a disruptive fault explains, or nil."
  [{:keys [before after size]} {:keys [window by-epoch hidden]}]
  (let [{:keys [first epoch]} after
        [earlier highest] (when epoch (before-epoch by-epoch epoch))
        window (long window)]
    (cond
      (<= (long size) window) nil
      (nil? epoch)            nil
      (= epoch (:epoch before))
      (str "more than a window of " window " within an epoch")
      (< (+ (long highest) (long hidden) (* window (inc (- (long epoch) (long earlier))))) (dec (long first)))
      (str "the section was at " highest " in epoch " earlier ", and each grant since skips at most " window))))

(defn- judge
  "The violations among the gaps of one key, in order."
  [gaps {:keys [most-hidden spans] :as known}]
  (loop [gaps gaps, untold 0, found []]
    (if-let [{:keys [key size] :as gap} (first gaps)]
      (let [[from to] (span-of gap)
            wrong     (when (effects/overlaps? spans from to) (too-large gap known))
            fault?    (effects/overlaps? spans from to)
            untold    (if fault? untold (+ (long untold) (long size)))]
        (recur (next gaps) untold
               (cond
                 wrong (conj found (violation gap wrong))
                 fault? found
                 (< (long (most-hidden key to)) untold)
                 (conj found (violation gap "no crash and no unanswered call explains it"))
                 :else found)))
      found)))

(defn check
  "No gap but those that something explains. `:fresh?` is false if keys were used before the run."
  [history {:keys [spaces fresh?] :or {fresh? true} :as opts}]
  (let [index       (history/index-of history opts)
        section-of  (memoize (sections spaces))
        unsure      (hidden/unsure index spaces)
        most-hidden (hidden/most-hidden unsure)
        spans       (hidden/disrupted opts)
        largest     (largest-count index)
        by-epoch    (highest-by-epoch (:takes index) section-of)
        hidden      (reduce (fn [sums key]
                              (update sums (section-of key) (fnil + 0) (most-hidden key history/never)))
                            {} (keys unsure))
        gaps        (for [[key takes] (:takes index)] [key (gaps-of key takes fresh?)])]
    (violations/result
      (for [[key gaps] gaps
            :when (seq gaps)
            :let [section (section-of key)
                  step    (long (:step (get spaces (first section)) 10000))]
            violation (judge gaps {:most-hidden most-hidden
                                   :spans       spans
                                   :window      (+ (quot (* 3 step) 2) (long largest))
                                   :by-epoch    (get by-epoch section (sorted-map))
                                   :hidden      (get hidden section 0)})]
        violation)
      {:gaps    (reduce + 0 (map (comp count second) gaps))
       :skipped (reduce + 0 (map :size (mapcat second gaps)))})))
