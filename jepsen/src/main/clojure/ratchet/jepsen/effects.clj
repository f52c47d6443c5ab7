(ns ratchet.jepsen.effects
  "What each kind of fault may do to callers, as data, by its :f. This is what the contract allows (docs/guarantees.md), so it says
  what checkers may excuse, and nothing else.

  - `:graceful`  nothing dies and nothing is cut: no number may be skipped, no current be a bound.
  - `:lasting`   goes on until an op of another :f ends it; if none does, to the end of the run.
  - `:silence`   how long a key may be without numbers, in ms: `:start` after the fault began, `:end` after it ended,
                 `:whole` when there is no bound while it lasts.
  - `:errors`    lines of level ERROR that it explains, as patterns."
  (:require [clojure.set :as set]))

(set! *warn-on-reflection* true)

(def failover-ms
  "The budget of docs/guarantees.md: 2.4 s in the worst case, 3 s with two cores that all nodes share."
  3000)

(def start-ms
  "How long killed processes take to serve again once they are started, many at a time on two cores."
  10000)

(def cold-ms
  "How long a cluster that has just started may be slower than its budget: all its code runs for the first time, on two cores."
  3000)

(def slack-ms
  "What a loaded machine may add to any call."
  1000)

(def ^:private raft-errors
  "What the Raft library logs as an ERROR when a peer can't be reached or a leader steps down."
  #" c\.a\.s(ofa|\.j)\S* ?\S*: (Fail to connect|Fail to|.*start the replicator failed|.*[Ss]tepped down|.*remoting exception)")

(def start-errors
  "What is normal before traffic begins: members start one after the other."
  [raft-errors])

(def ^:private takeover {:start failover-ms, :end failover-ms})

(def ^:private failed-append
  "What Raft's library says of a log that can't be written, before the node halts."
  #"Corrupted LogStorage|Execute batch failed|fail to appendEntries")

(def ^:private failed-open
  "The same, where a node is started before its disk can be written again: it ends at once."
  #"Fail to init RocksDBLogStorage|Fail to init logStorage|initLogStorage failed")

(def ^:private crash
  {:lasting true, :silence takeover, :errors [raft-errors]})

(def ^:private cut
  {:lasting true, :silence takeover, :errors [raft-errors]})

(def ^:private whole
  {:lasting true, :silence {:whole true, :end failover-ms}, :errors [raft-errors]})

(def ^:private handover
  "Milliseconds, and more with thousands of sections."
  {:start 500, :end 500})

(def table
  {:kill              crash
   :pause             crash
   :partition         cut
   :partition-one-way cut
   ;; Callers that can't reach an owner which serves: nothing hands its sections to another.
   :partition-clients whole
   :packet-loss       whole
   :packet-delay      whole
   ;; Nothing is decided by the time of day.
   :clock-jump        {:graceful true, :lasting true, :silence {}}
   :clock-strobe      {:graceful true, :lasting true, :silence {}}
   ;; The node is restarted for it, and killed at the end.
   :clock-rate        {:lasting true, :silence takeover, :errors [raft-errors]}
   :disk-full         {:lasting true, :silence takeover
                       :errors [raft-errors failed-append failed-open #"the store node halts" #"No space left" #"[Dd]isk"]}
   :disk-read-only    {:lasting true, :silence takeover
                       :errors [raft-errors failed-append failed-open #"the store node halts" #"[Rr]ead-only" #"[Dd]isk"]}
   :transfer          {:graceful true, :lasting true, :silence {}, :errors [raft-errors]}
   :membership        {:graceful true, :lasting true, :silence {}, :errors [raft-errors]}
   :drain             {:graceful true, :lasting true, :silence handover}
   ;; Nodes hand over one after the other while it lasts.
   :rolling-restart   {:graceful true, :lasting true, :silence {:whole true, :end failover-ms}
                       :errors [raft-errors]}})

(def unknown
  "What is taken for a fault that is not in the table: it may do anything, while it lasts."
  whole)

(defn of
  "The effects of a kind of fault."
  [table f]
  (get table f unknown))

(def rate-limits
  "Clock rates that lease mode bears."
  [0.8 1.25])

(defn beyond-clocks?
  "Whether a fault breaks the condition of real-time order in lease mode: a clock rate off by more than 25 %."
  [{:keys [f value]}]
  (let [rate (:rate value)]
    (boolean
      (and (= :clock-rate f)
           (or (nil? rate)
               (not (<= (double (first rate-limits)) (double rate) (double (second rate-limits)))))))))

(def ^:private settle-nanos
  "How long after its end a fault explains what is seen: what was on its way arrives, leases end."
  5000000000)

(defn spans
  "The times that faults explain, as [from to] in order and joined: those of faults that `choose` holds for."
  [choose faults]
  (->> faults
       (filter choose)
       (map (fn [{:keys [from to]}] [from (+ (long to) (long settle-nanos))]))
       sort
       (reduce (fn [joined [from to]]
                 (let [[last-from last-to] (peek joined)]
                   (if (and last-to (<= (long from) (long last-to)))
                     (conj (pop joined) [last-from (max (long last-to) (long to))])
                     (conj joined [from to]))))
               [])))

(defn disruptive?
  "Whether a fault may skip numbers."
  [table]
  (fn [{:keys [f]}] (not (:graceful (of table f)))))

(defn overlaps?
  "Whether a time from `from` to `to` overlaps one of the spans, by binary search."
  [spans ^long from ^long to]
  (loop [low 0, high (count spans)]
    (if (= low high)
      ;; All spans before `low` end before `from`.
      (boolean (when-let [[start] (get spans low)]
                 (<= (long start) to)))
      (let [middle (quot (+ low high) 2)]
        (if (< (long (second (nth spans middle))) from)
          (recur (inc middle) high)
          (recur low middle))))))

;; Which nodes are gone at a time.

(defn- role-of [node]
  (keyword (second (re-find #"^([a-z]+)-" node))))

(defn- number-of [name]
  (re-find #"\d+$" name))

(defn- majority [n]
  (inc (quot (long n) 2)))

(defn- cut-off-zones
  "The zones that a fault of the network cuts off from a majority, as far as its shape says so. Its `:zones` are in the
  order of the shape."
  [{:keys [f value]}]
  (let [{:keys [on zones]} value
        n (count zones)]
    (case f
      (:partition :partition-one-way) (case on
                                        (:one :leader :one-way) (take 1 zones)
                                        :halves                 (take (- n (majority n)) zones)
                                        (:ring :bridge)         (drop 1 zones)
                                        nil)
      (:packet-loss :packet-delay)    zones
      nil)))

(defn hit
  "The nodes, of all nodes, that are gone or cut off by a fault. A node `store-2` is in `zone-2`."
  [nodes {:keys [value] :as fault}]
  (let [zones (into #{} (map number-of) (cut-off-zones fault))]
    (into (set (:nodes value))
          (filter #(contains? zones (number-of %)))
          nodes)))

(defn stranded
  "A function of an answered or failed call: whether it went over a router that a partition cut off from owners, though not from the
  caller. A Redis client stays with its router; nobody else is to blame. `doors` has the routers by the addresses that their
  callers know."
  [faults nodes doors]
  (let [cuts (for [{:keys [f from to] :as fault} faults
                   :when (contains? #{:partition :partition-one-way} f)]
               [(hit nodes fault) from (+ (long to) (* 1000000 (long failover-ms)))])]
    (fn [{:keys [t0 complete]}]
      (let [router (get doors (:via (:value complete)))]
        (boolean
          (and router
               (some (fn [[hit from to]]
                       (and (contains? hit router)
                            (<= (long t0) (long to))
                            (<= (long from) (long (:time complete)))))
                     cuts)))))))

(defn- down?
  "Whether the cluster may serve nothing, or not all, without these nodes: a majority of store nodes, all allocation nodes or all
  routers are among them. Callers over routers count as well."
  [by-role gone]
  (let [left (fn [role] (count (set/difference (set (by-role role)) gone)))
        all  (fn [role] (count (by-role role)))]
    (or (and (pos? (all :store)) (< (left :store) (long (majority (all :store)))))
        (and (pos? (all :alloc)) (zero? (left :alloc)))
        (and (pos? (all :router)) (zero? (left :router))))))

(defn outages
  "The times, [from to], while faults together hit so many nodes that the cluster may serve nothing, or not all. `nodes` are
  the names of all nodes; without them nothing is known."
  [faults nodes]
  (let [by-role (group-by role-of nodes)
        hit-by  (memoize (fn [fault] (hit nodes fault)))
        edges   (sort (distinct (mapcat (juxt :from :to) faults)))
        active  (fn [from to] (filter #(and (<= (long (:from %)) from) (<= to (long (:to %)))) faults))]
    (->> (map vector edges (rest edges))
         (filter (fn [[from to]]
                   (down? by-role (into #{} (mapcat hit-by) (active (long from) (long to))))))
         vec)))
