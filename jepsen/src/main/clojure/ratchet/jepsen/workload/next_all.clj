(ns ratchet.jepsen.workload.next-all
  "Numbers of several keys in one call. Their sections have different owners, so a batch falls apart on the way.")

(def workload
  {:doc   "batches of several keys, among single ones"
   :crews [{:conn :owner, :weight 1, :spaces [:lease :names], :mix {:next-all 2, :next 1}
            :hot 6, :cold 300, :hot-share 0.6}]})
