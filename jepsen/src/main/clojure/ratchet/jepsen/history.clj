(ns ratchet.jepsen.history
  "Histories: what was called, when, and what came of it. A history is a vector of op maps in the
  order in which they were recorded, in Jepsen's own format:

      {:index 0, :type :invoke, :process 3, :f :next, :value {:key \"a:1\"}, :time 1200}
      {:index 1, :type :ok, :process 3, :f :next, :value {:key \"a:1\", :first 17 ...}, :time 5100}

  An op is recorded as :invoke before the call is made, and as :ok, :fail or :info after it returned.
  So if A's completion has a lower index than B's invocation, A had returned before B was called.
  A file has one op a line.

  Checkers look at an index of a history: its calls, the numbers taken by key, and its faults."
  (:require [clojure.edn :as edn]
            [clojure.java.io :as io])
  (:import (java.io BufferedReader PushbackReader Reader StringReader Writer)
           (java.util ArrayList Comparator HashMap List Map)))

(set! *warn-on-reflection* true)

;; Files.

(def ^:private first-fields [:index :type :process :f :value :time :error])

(defn write-op
  "Writes an op as a line."
  [^Writer out op]
  (binding [*print-length* nil, *print-level* nil, *print-namespace-maps* false, *out* out]
    (.write out "{")
    (loop [fields (concat (filter #(contains? op %) first-fields)
                          (sort (remove (set first-fields) (keys op))))
           separator ""]
      (when-let [field (first fields)]
        (.write out ^String separator)
        (pr field)
        (.write out " ")
        (pr (get op field))
        (recur (next fields) ", ")))
    (.write out "}\n")))

(defn write-file
  "Writes a history to a file."
  [file history]
  (with-open [out (io/writer file)]
    (run! #(write-op out %) history)))

(defn read-op
  "The op of a line."
  [^String line]
  (edn/read {:default (fn [_ value] value)} (PushbackReader. (StringReader. line))))

(defn read-ops
  "All ops of a reader, a line each. A last line that was cut off is left out."
  [^Reader reader]
  (let [lines (line-seq (BufferedReader. reader))]
    (loop [lines lines, ops (transient [])]
      (if-let [line (first lines)]
        (let [more (next lines)
              op   (try (read-op line)
                        (catch RuntimeException e
                          (when more
                            (throw (ex-info (str "line " (inc (count ops)) " is no op: " line)
                                            {:line (inc (count ops))} e)))))]
          (recur more (if op (conj! ops op) ops)))
        (persistent! ops)))))

(defn read-file
  "The history of a file."
  [file]
  (with-open [reader (io/reader file)]
    (read-ops reader)))

;; Calls.

(defrecord Call
  [process f
   type        ; :ok, :fail or :info; :info also when no completion was recorded
   invoke      ; the op as invoked
   complete    ; the op as completed, or nil
   ^long i0 ^long i1     ; indices of both; i1 is Long/MAX_VALUE unless it was answered
   ^long t0 ^long t1])   ; times of both, in the same way

(def ^:const never Long/MAX_VALUE)

(defn client-op?
  "Whether a caller made it, not the nemesis."
  [op]
  (integer? (:process op)))

(defn- call [invoke complete]
  (let [type (:type complete :info)
        over (contains? #{:ok :fail} type)]
    (->Call (:process invoke) (:f invoke) type invoke complete
            (long (:index invoke)) (if over (long (:index complete)) never)
            (long (:time invoke)) (if over (long (:time complete)) never))))

(defn calls
  "Pairs invocations with completions: all calls, in the order in which they were invoked. Ops
  without an :index get their place as one."
  [history]
  (let [open  (HashMap.)
        calls (ArrayList.)
        place (volatile! -1)]
    (doseq [op history]
      (vswap! place inc)
      (when (client-op? op)
        (let [op      (if (:index op) op (assoc op :index @place))
              process (:process op)]
          (if (= :invoke (:type op))
            (do (when (.containsKey open process)
                  (throw (ex-info (str "process " process " has two calls under way") {:op op})))
                (.put open process [(.size calls) op])
                (.add calls nil))
            (if-let [[at invoke] (.remove open process)]
              (.set calls (int at) (call invoke op))
              (throw (ex-info (str "process " process " completes what it did not invoke")
                              {:op op})))))))
    (doseq [[at invoke] (.values open)]
      (.set calls (int at) (call invoke nil)))
    (vec calls)))

(defn asked
  "What a call asks for, as [key count] pairs; the count of a :current is 0."
  [call]
  (let [value (:value (:invoke call))]
    (case (:f call)
      :next     [[(:key value) 1]]
      :range    [[(:key value) (:count value)]]
      :next-all (mapv #(vector % 1) (:keys value))
      :current  [[(:key value) 0]]
      [])))

(defn takes?
  "Whether a call takes numbers."
  [call]
  (contains? #{:next :range :next-all} (:f call)))

(defrecord Take [key ^long first ^long last epoch call])

(defn takes
  "The numbers that a call got, a Take a key; none unless it is :ok."
  [{:keys [type f complete] :as call}]
  (when (= :ok type)
    (let [{:keys [key keys first firsts count epoch epochs]} (:value complete)]
      (case f
        (:next :range) [(->Take key first (+ (long first) (dec (long count))) epoch call)]
        :next-all      (mapv #(->Take %1 %2 %2 %3 call) keys firsts (or epochs (repeat nil)))
        nil))))

(defn grouped
  "Groups pairs of key and value into a map key → vector, in order."
  [pairs]
  (let [groups (HashMap.)]
    (doseq [[key value] pairs]
      (let [group (or (.get groups key)
                      (let [fresh (ArrayList.)] (.put groups key fresh) fresh))]
        (.add ^List group value)))
    (persistent!
      (reduce (fn [all ^Map entry]
                (assoc! all (key entry) (vec (val entry))))
              (transient {}) groups))))

(defn- by-number [takes]
  (let [sorted (ArrayList. ^java.util.Collection takes)]
    ;; Nearly sorted as it is, so this takes about one pass.
    (.sort sorted (reify Comparator
                    (compare [_ a b] (Long/compare (.first ^Take a) (.first ^Take b)))))
    (vec sorted)))

;; Faults.

(defn- own-op? [op]
  (and (= :nemesis (:process op)) (some? (get-in op [:value :fault]))))

(defn- healed-later
  "When faults were ended that no op of their own ended: id → [from to]. Such an op names them as `:healed`, and goes on from
  the op that says its start."
  [history]
  (let [ops (filter #(= :nemesis (:process %)) history)]
    (into {}
          (for [op ops
                :let  [healed (get-in op [:value :healed])]
                :when (coll? healed)
                :let  [start (last (take-while #(not (identical? op %)) (filter #(= (:f op) (:f %)) ops)))]
                id healed]
            [id [(:time (or start op)) (:time op)]]))))

(defn- end-of
  "From when to when a fault was being ended, by the op that did it."
  [{:keys [time value]}]
  [(- (long time) (* 1000000 (long (:took value 0)))) time])

(defn faults
  "Faults of a history: `{:id :f :from :begun :ending :to :value :ops}`, in order of their starts, times in nanoseconds; `:begun` is
  when it had been done in full, `:ending` when somebody began to end it.
  All ops that name one schedule entry are one fault: from its first op to its last. One of which only the beginning was
  recorded goes on until an op says that it is `:healed`, or else to `end`, unless `lasting?` says of its :f that it ends by
  itself."
  ([history end] (faults history end (constantly true)))
  ([history end lasting?]
   (let [healed (healed-later history)]
     (->> history
          (filter own-op?)
          (group-by #(get-in % [:value :fault]))
          (map (fn [[id ops]]
                 (let [f           (:f (first ops))
                       [ending to] (if (and (lasting? f) (every? #(= f (:f %)) ops))
                                     (get healed id [end end])
                                     (end-of (peek ops)))]
                   {:id     id
                    :f      f
                    :from   (:time (first ops))
                    :begun  (:time (last (filter #(= f (:f %)) ops)))
                    :ending ending
                    :to     to
                    :value  (reduce merge (map :value (filter #(= f (:f %)) ops)))
                    :ops    ops})))
          (sort-by :from)
          vec))))

;; The index.

(defn index
  "What all checkers need of a history: `{:calls :takes :currents :unsure :end}`. `:takes` has the numbers
  of each key in their own order, `:currents` the answered :current calls of each key, and `:unsure` the
  calls of each key that may have taken numbers that nobody was told, as [call count]."
  [history]
  (let [calls (calls history)]
    {:calls    calls
     :takes    (update-vals (grouped (for [call calls, take (takes call)] [(:key take) take]))
                            by-number)
     :currents (grouped (for [call calls :when (and (= :current (:f call)) (= :ok (:type call)))]
                          [(:key (:value (:complete call))) call]))
     :unsure   (grouped (for [call calls
                              :when (and (takes? call) (= :info (:type call)))
                              [key count] (asked call)]
                          [key [call count]]))
     :end      (reduce max 0 (map :time history))}))

(defn index-of
  "The index that is in the options, or else one made now."
  [history opts]
  (or (:index opts) (index history)))
