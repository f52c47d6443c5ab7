(ns ratchet.jepsen.workload.ranges
  "Several numbers of a key in one call, among calls for one.")

(def workload
  {:doc   "ranges of numbers, among single ones"
   :crews [{:conn :owner, :weight 1, :spaces [:lease :names], :mix {:range 3, :next 1}
            :hot 4, :cold 500, :hot-share 0.6}]})
