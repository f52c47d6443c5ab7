(ns ratchet.jepsen.scripted
  "Small histories, written by hand: a call is a map of `:p`rocess, `:f`, `:from` and `:to` in milliseconds, what it asks for and what
  it got."
  (:require [ratchet.jepsen.checker :as checker]))

(def spaces
  {"a" {:name "a" :kind :uid :sections 4 :section-size 100 :step 10}
   "s" {:name "s" :kind :uid :sections 4 :section-size 100 :step 10 :strict true}})

(defn- ms [n] (* 1000000 (long n)))

(defn- asked [{:keys [f key keys count told]}]
  (cond-> (if (= :next-all f) {:keys keys} {:key key})
    (= :range f) (assoc :count count)
    told         (assoc :told told)))

(defn- got [{:keys [f first firsts count epoch epochs number exact via observed] :or {exact true, epoch 1}}]
  (cond-> (case f
            :next     {:first first :count 1 :epoch epoch}
            :range    {:first first :count count :epoch epoch}
            :next-all {:firsts firsts :epochs (or epochs (vec (repeat (clojure.core/count firsts) epoch)))}
            :current  {:number number :exact exact :epoch epoch})
    via      (assoc :via via)
    observed (assoc :observed true)))

(defn- ops-of [{:keys [p f type from to error] :or {type :ok} :as call}]
  (let [invoke {:type :invoke :process p :f f :value (asked call) :time (ms from)}]
    (cond-> [invoke]
      to (conj (cond-> (assoc invoke :type type :time (ms to))
                 (= :ok type) (update :value merge (got call))
                 error        (assoc :error error))))))

(defn- fault-ops [{:keys [id f from to value took]}]
  (for [[time f told] [[from f] [to (keyword (str "heal-" (name f))) (when took {:took took})]]]
    {:type :info :process :nemesis :f f :value (merge value {:fault id} told) :time (ms time)}))

(defn history
  "The history of calls and faults."
  ([calls] (history calls []))
  ([calls faults]
   (->> (concat (mapcat ops-of calls) (mapcat fault-ops faults))
        (sort-by :time)
        (map-indexed #(assoc %2 :index %1))
        vec)))

(defn check
  "The result of one check of a history."
  ([name history] (check name history {}))
  ([name history opts]
   (get-in (checker/check history (merge {:spaces spaces :checks [name]} opts)) [:checks name])))
