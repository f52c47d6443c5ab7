(ns ratchet.jepsen.workload.current
  "Reads of the last number, among calls that take numbers. Cold keys are read more often than
  used, so that many reads meet a key that its owner knows nothing of.")

(def workload
  {:doc   "the last number, read while others take numbers"
   :crews [{:conn :owner, :weight 2, :spaces [:lease :names], :mix {:current 3, :next 2, :range 1}
            :hot 4, :cold 300, :hot-share 0.5}
           {:conn :resp, :weight 1, :spaces [:lease :names], :mix {:current 2, :next 1}
            :hot 4, :cold 300, :hot-share 0.5}]})
