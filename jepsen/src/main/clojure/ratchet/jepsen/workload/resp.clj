(ns ratchet.jepsen.workload.resp
  "Redis clients, each on a connection to one router.")

(def workload
  {:doc   "Redis clients: INCR, INCRBY, GET, RATCHET.CURRENT"
   :crews [{:conn :resp, :weight 1, :spaces [:lease :strict :names], :mix {:next 6, :range 2, :current 2}
            :hot 4, :cold 500, :hot-share 0.6}]})
