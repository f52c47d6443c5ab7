(ns ratchet.jepsen.nemesis.target
  "Whom a schedule means: from `:on` and `:pick` to nodes and zones. Pure, given who leads and who owns."
  (:import (java.util ArrayList Collection Collections Random)))

(set! *warn-on-reflection* true)

(defn shuffled
  "In an order that the pick decides."
  [pick coll]
  (let [list (ArrayList. ^Collection coll)]
    (Collections/shuffle list (Random. (long (or pick 0))))
    (vec list)))

(defn minority "The largest number that is less than half." [n] (quot (dec (long n)) 2))
(defn majority "The smallest number that is more than half." [n] (inc (quot (long n) 2)))

(defn some-of
  "Some of a collection, as the schedule says."
  [on pick coll]
  (let [all (shuffled pick coll)
        n   (count all)]
    (vec (take (case on
                 :one 1
                 :minority (max 1 (long (minority n)))
                 :majority (majority n)
                 :all n)
               all))))

(defn nodes
  "Names of the nodes meant. `:leader` and `:owner` are functions that find them now; where there is none, one is picked."
  [{:keys [on pick]} names {:keys [leader owner]}]
  (let [found (case on :leader (leader) :owner (owner) nil)]
    (cond
      found                       [found]
      (#{:leader :owner} on)      (some-of :one pick names)
      :else                       (some-of on pick names))))
