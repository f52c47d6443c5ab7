(ns ratchet.jepsen.workload.handoff
  "Callers that know nothing of each other, and tell each other numbers out of band: one takes a number and
  tells it to another, who at once takes one, too, with a client, connections and routes of its own.
  The second number must be larger. A design without leases fails here: the first caller may have
  been served by the new owner, the second by an old one that has not heard of it.

  A relay of `:batons`, a key each, goes round among the workers of a crew. Half of the crews also
  pass on the epoch (`RatchetClient.observe`): then no clock may break the order.")

(def workload
  {:doc   "independent callers that tell each other numbers out of band"
   :crews [{:conn :owner, :weight 2, :spaces [:lease], :relay {:batons 3, :first-key 100000}}
           {:conn :owner, :weight 2, :spaces [:lease], :relay {:batons 3, :first-key 100100, :observe true}}
           {:conn :router, :weight 2, :spaces [:strict], :relay {:batons 2, :first-key 100200}}]})
