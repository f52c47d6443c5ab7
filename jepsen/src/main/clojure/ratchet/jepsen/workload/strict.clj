(ns ratchet.jepsen.workload.strict
  "A strict namespace: its promises hold whatever the clocks do.")

(def workload
  {:doc   "all calls, in a strict namespace"
   :crews [{:conn :owner, :weight 2, :spaces [:strict], :mix {:next 6, :range 2, :next-all 1, :current 3}
            :hot 4, :cold 500, :hot-share 0.6}
           {:conn :resp, :weight 1, :spaces [:strict], :mix {:next 3, :range 1, :current 1}
            :hot 4, :cold 500, :hot-share 0.6}]})
