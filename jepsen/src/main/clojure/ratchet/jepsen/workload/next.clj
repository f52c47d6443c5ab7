(ns ratchet.jepsen.workload.next
  "One number at a time: few hot keys that all fight for, many cold keys.")

(def workload
  {:doc   "one number at a time, of few hot keys and many cold ones"
   :crews [{:conn :owner, :weight 1, :spaces [:lease :names], :mix {:next 1}
            :hot 4, :cold 2000, :hot-share 0.5}]})
