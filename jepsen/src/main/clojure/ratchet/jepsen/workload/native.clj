(ns ratchet.jepsen.workload.native
  "Java clients that call owners, and Java clients that call routers, for the same keys.")

(def workload
  {:doc   "Java clients, half of them straight to owners, half over routers"
   :crews [{:conn :owner, :weight 1, :spaces [:lease :names], :mix {:next 4, :range 1, :next-all 1, :current 2}
            :hot 4, :cold 500, :hot-share 0.6}
           {:conn :router, :weight 1, :spaces [:lease :names], :mix {:next 4, :range 1, :next-all 1, :current 2}
            :hot 4, :cold 500, :hot-share 0.6}]})
