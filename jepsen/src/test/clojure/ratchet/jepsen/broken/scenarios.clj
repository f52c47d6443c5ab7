(ns ratchet.jepsen.broken.scenarios
  "Seeded bugs of the server, and for each the smallest run in which it shows for sure.

    :bug        names of the agent's, with + between them (`dev.ratchet.jepsen.broken.Bug`); all nodes are built so, or that
                behind an @
    :caught-by  the check that must fail; of controls, :holds those that must not, and :shows the one that must find what is
                allowed
    :title      what it is called where no bug names it
    :why        what happens, and what it takes for the bug to show
    :crews      who calls what, as in workloads; the conn :lazy is of `broken.lazy`
    :schedule   faults, as in `ratchet jepsen`; of three zones, :pick 3 means zone-1 and alloc-1
    :short?     one of those that `verify` runs

  A product that is not broken gets through all of them.

  A lease protects against two owners at a time, so a bug in it shows only where two may be asked: by callers that
  have not heard of the new one. Routers have their sections' owners from whom they reach; one that is cut off together
  with an owner goes on asking it. That is `alone`: zone-1 with a store node, an owner and a router of its own,
  all else on the other side, and callers on both.

  A client without a floor is not here. The floor drops what comes late from an owner of before, to a call that was
  under way all the while, so that no history can blame it; what remains, a caller that is told an epoch before it has heard of the
  route, is the simulator's (`Mutation.NO_FLOOR`).")

(def ^:private lone-key
  "All callers want the next number of one key; half of them over a router in zone-1, half over one in zone-2."
  [{:conn :resp, :weight 1, :spaces [:lease], :mix {:next 1}, :hot 1, :cold 1, :hot-share 1.0}])

(def ^:private lone-strict-key
  (assoc-in lone-key [0 :spaces] [:strict]))

(def ^:private keys-everywhere
  "One key in each section."
  [{:conn :owner, :weight 1, :spaces [:lease], :mix {:next 1}, :hot 16, :cold 1, :hot-share 1.0}])

(def ^:private keys-everywhere-tiny
  "The same with windows of ten numbers: every section is raised all the time."
  (assoc-in keys-everywhere [0 :spaces] [:tiny]))

(def ^:private few-keys-always-raised
  "Four keys and windows of ten numbers. Half of the callers are lazy (`broken.lazy`)."
  (let [crew {:weight 1, :spaces [:tiny], :mix {:next 1}, :hot 4, :cold 1, :hot-share 1.0}]
    [(assoc crew :conn :owner) (assoc crew :conn :lazy)]))

(defn- placed
  "The section of the lone key, 0, is served by alloc-1."
  [space]
  {:id 0, :at 0, :for 0, :f :place, :on :alloc-1, :space space, :sections 1})

(defn- alone [lasts]
  {:id 1, :at 2000, :for lasts, :f :partition, :on :one, :pick 3})

(defn- slow-and-alone
  "The owner of the lone key has a slow clock, but one with which it still renews in time; then it is cut off."
  [space]
  [{:id 2, :at 0, :for 20000, :f :slow, :role :alloc, :on :one, :pick 3, :rate 0.2}
   (assoc (placed space) :at 9000)
   (assoc (alone 7000) :at 11000)])

(def ^:private placed-again-and-again
  "Whenever alloc-1 has lost the sections of the four keys, it soon gets them back."
  (vec (for [i (range 11)]
         (assoc (placed "tiny-1") :id i, :at (* 1200 (long i)), :sections 4))))

(defn- kill-an-owner [lasts]
  {:id 0, :at 2000, :for lasts, :f :kill, :role :alloc, :on :one, :pick 3})

(def scenarios
  [{:bug       "raise-without-epoch+slow-machine@alloc-1"
    :caught-by :unique
    :short?    true
    :why       "An owner that has lost its section raises on, into the window of the next one. Its lease protects as long
               as clocks are right; the epoch alone counts only where they are not. So a machine is slow, too: the
               store ends the lease of a node that renews it, as it thinks, in time. Without the bug that breaks real-time
               order, as it may, and no number is issued twice (`controls`). Java clients leave such an owner at
               once; so there are callers that stay until they are refused."
    :crews     few-keys-always-raised
    :rate      600
    :seconds   13
    :schedule  placed-again-and-again}

   {:bug       "lease-ignored"
    :caught-by :order
    :short?    true
    :why       "An owner that is cut off from the store serves on while the next one serves, too. It can't raise, so
               numbers stay unique, but those of the old window are below those of the new one."
    :crews     lone-key
    :rate      100
    :seconds   9
    :schedule  [(placed "lease-1") (alone 7000)]}

   {:bug       "lease-checked-before-arrival"
    :caught-by :order
    :short?    true
    :why       "An owner is frozen, and calls wait at its door while the next owner serves. When it goes on, it looks at
               them before it looks at the clock. Callers must not know better meanwhile, so it is also alone."
    :crews     lone-key
    :rate      100
    :seconds   9
    :schedule  [(placed "lease-1")
                (alone 7000)
                {:id 2, :at 2000, :for 5000, :f :pause, :role :alloc, :on :one, :pick 3}]}

   {:bug       "restore-without-jump"
    :caught-by :unique
    :short?    true
    :why       "What was issued between the backup and the loss of the disks is issued again. It takes more than a window."
    :crews     keys-everywhere-tiny
    :rate      200
    :seconds   12
    :schedule  [{:id 0, :at 500, :for 0, :f :backup}
                {:id 1, :at 1000, :for 1000, :f :restore}]}

   {:bug       "split-grant"
    :caught-by :unique
    :why       "The base was read before the last owner's last raise, so the next one issues its numbers again."
    :crews     keys-everywhere
    :seconds   6
    :schedule  [(kill-an-owner 3500)]}

   {:bug       "release-loses-positions"
    :caught-by :unique
    :why       "An owner stops as an operator would stop it; its successor keeps the window and starts from its base."
    :crews     keys-everywhere
    :seconds   6
    :schedule  [{:id 0, :at 1500, :for 3000, :f :drain, :role :alloc, :on :one, :pick 3}]}

   {:bug       "short-store-wait"
    :caught-by :order
    :why       "The store gives the sections of an owner that is cut off to the next one within half a second, and the
               first one counts its lease for another second."
    :crews     lone-key
    :rate      100
    :seconds   7
    :schedule  [(placed "lease-1") (alone 5000)]}

   {:bug       "strict-without-barrier+lease-ignored"
    :caught-by :order
    :why       "In a strict namespace the barrier protects by itself. So the lease, that would hide its loss, is taken
               away as well; without the barrier's bug that does no harm here (`controls`)."
    :crews     lone-strict-key
    :rate      100
    :seconds   9
    :schedule  [(placed "strict-1") (alone 7000)]}

   {:bug       "range-too-short"
    :caught-by :ranges
    :why       "Each range ends with the first number of the next. Nothing need be broken for that."
    :crews     [{:conn :owner, :weight 1, :spaces [:lease], :mix {:range 1}, :hot 2, :cold 1, :hot-share 1.0}]
    :seconds   2
    :schedule  []}

   {:bug       "current-claims-exact"
    :caught-by :current
    :why       "After a crash the last number of a key that nobody has used since is not known, only a bound."
    :crews     [{:conn :owner, :weight 1, :spaces [:lease], :mix {:next 1}, :hot 2, :cold 1000, :hot-share 0.9}
                {:conn :owner, :weight 1, :spaces [:lease], :mix {:current 1}, :hot 2, :cold 1000, :hot-share 0.1}]
    :seconds   6
    :schedule  [(kill-an-owner 3500)]}

   {:bug       "crash-skips-windows"
    :caught-by :gaps
    :why       "A crash costs five windows instead of one."
    :crews     keys-everywhere
    :seconds   6
    :schedule  [(kill-an-owner 3500)]}

   {:bug       "long-store-wait"
    :caught-by :availability
    :why       "Nobody owns the sections of a node that died for 12 s; the budget is 3 s."
    :crews     keys-everywhere
    :seconds   15
    :schedule  [(kill-an-owner 12800)]}

   {:bug       "never-registers-again"
    :caught-by :health
    :why       "A node that was frozen until its lease was over comes back, and serves nothing any more."
    :crews     keys-everywhere
    :seconds   6
    :schedule  [{:id 0, :at 1000, :for 4000, :f :pause, :role :alloc, :on :one, :pick 3}]}])

(def ^:private contract
  "Checks that don't depend on how busy the machine is."
  #{:unique :ranges :order :sessions :current :gaps})

(def controls
  "Runs that differ from those above in the bug alone, and where the checks in `:holds` must find nothing: so what is found
  there comes from the bug, and not from the faults."
  [{:bug      nil
    :holds    contract
    :why      "Nothing is broken."
    :crews    lone-key
    :rate     100
    :seconds  9
    :schedule [(placed "lease-1")
               (alone 7000)
               {:id 2, :at 2000, :for 5000, :f :pause, :role :alloc, :on :one, :pick 3}]}

   {:bug      "lease-ignored"
    :holds    contract
    :why      "In a strict namespace the barrier protects by itself."
    :crews    lone-strict-key
    :rate     100
    :seconds  9
    :schedule [(placed "strict-1") (alone 7000)]}

   {:bug      "slow-machine@alloc-1"
    :holds    #{:unique :ranges}
    :why      "The epoch protects from numbers that are issued twice, whatever clocks do."
    :crews    few-keys-always-raised
    :rate     600
    :seconds  13
    :schedule placed-again-and-again}

   {:title    "a slow clock breaks order in lease mode, as it may"
    :shows    :order
    :holds    contract
    :why      "An owner whose clocks go at a fifth of their rate counts its lease five times as long. Cut off from the store, it
               serves on beside the next owner. That is outside of what lease mode promises, and must be told apart from what is inside."
    :crews    lone-key
    :rate     100
    :seconds  24
    :schedule (slow-and-alone "lease-1")}

   {:title    "a slow clock breaks no promise in a strict namespace"
    :holds    contract
    :why      "The barrier needs no clock."
    :crews    lone-strict-key
    :rate     100
    :seconds  24
    :schedule (slow-and-alone "strict-1")}])
