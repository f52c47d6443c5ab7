(ns ratchet.jepsen.workload.mix
  "All kinds of callers at once, on the same keys."
  (:require [ratchet.jepsen.workload.handoff :as handoff]))

(def ^:private all {:hot 4, :cold 1000, :hot-share 0.5})

(def workload
  {:doc   "all of them at once, on the same keys"
   :crews (into [(merge all {:conn :owner, :weight 5, :spaces [:lease :lease :names :strict]
                             :mix {:next 8, :range 2, :next-all 2, :current 4}})
                 (merge all {:conn :router, :weight 2, :spaces [:lease :names :strict]
                             :mix {:next 4, :range 1, :next-all 1, :current 2}})
                 (merge all {:conn :resp, :weight 3, :spaces [:lease :names :strict]
                             :mix {:next 5, :range 2, :current 3}})]
                (:crews handoff/workload))})
