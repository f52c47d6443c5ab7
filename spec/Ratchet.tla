------------------------------- MODULE Ratchet -------------------------------
(***************************************************************************)
(* Who may hand out a section's numbers, and when.  See README.md.         *)
(*                                                                         *)
(* One section with one key.  Sections share nothing but a node's lease,   *)
(* which is here, and the order of the store's log, which is any order     *)
(* here; keys of a section share its window and epoch, and those are here. *)
(*                                                                         *)
(* The store is one register that commands change one after the other: it  *)
(* is Raft's log as it is applied.  A command in flight may be applied     *)
(* late, after a later one, under another leader, or never; one that is    *)
(* sent again is the same command.  Allocation nodes take every step on    *)
(* their own, so a process may stop for any time between any two steps.    *)
(*                                                                         *)
(* A comment in square brackets names the class that has the same rule.    *)
(***************************************************************************)
EXTENDS Integers, TLC

CONSTANTS
  Nodes,        \* node ids of allocation nodes
  Clients,      \* each has one call under way at a time
  None,
  Features,     \* what happens in this model: subset of AllFeatures
  Dropped,      \* rules left out: subset of AllRules, empty but in negative controls
  Watched,      \* promises looked at: subset of {"G1", "G2", "G3", "G4", "G5"}; what others need is not remembered
  Step,         \* numbers of a window
  MaxEpoch,     \* bounds: epochs,
  MaxIncarnation, \* lives of nodes,
  MaxNumber,    \* and numbers
  HolderTime,   \* how long a holder counts its lease, by its own clock
  StoreWait,    \* how long the store waits, by its leader's clock
  NodeRates,    \* what a node's clock may go on by while time passes once
  StoreRates    \* and the store leader's

AllFeatures ==
  { "clocks",   \* time passes and leases end by it; without: they may end, or seem to last, at any time
    "strict",   \* a committed barrier before an answer stands for the lease
    "raise", "release", "leave", "restore",
    "current",  \* calls that ask for the last number
    "inform" }  \* clients tell each other what they saw

AllRules ==
  { "raise is fenced",              \* owner and epoch are compared when a raise is applied
    "grant is one entry",           \* maxSeq is read and the epoch raised at one moment
    "lease is checked after arrival",
    "client keeps the floor",
    "lease counts from sending",
    "store waits long enough",        \* by the fastest store clock, for the slowest holder's
    "clocks can be trusted",          \* or else the barrier is used; unique numbers need neither
    "leader counts from renewals",
    "expire names the renewal",
    "grant is taken on once",
    "tenure starts empty",
    "release stops first",
    "release waits for calls",
    "barrier compares the epoch",     \* and the owner
    "restore jumps numbers",
    "restore jumps epochs",
    "restore jumps incarnations",
    "restore waits" }

Has(feature) == feature \in Features
Kept(rule) == rule \notin Dropped
Watch(promise) == promise \in Watched
NeedsTaken == Watch("G1") \/ Watch("G4") \/ Watch("G5")

Max(a, b) == IF a > b THEN a ELSE b
Less(time, rate) == Max(0, time - rate)
Highest(numbers) == IF numbers = {} THEN 0 ELSE CHOOSE n \in numbers : \A m \in numbers : m <= n

ASSUME /\ Features \subseteq AllFeatures
       /\ Dropped \subseteq AllRules
       /\ Kept("store waits long enough") =>
            \A n \in NodeRates, s \in StoreRates : StoreWait * n >= HolderTime * s
       /\ Kept("clocks can be trusted") => "clocks" \in Features \/ "strict" \in Features \/ Watched \intersect {"G3", "G5"} = {}
       /\ Watched \subseteq {"G1", "G2", "G3", "G4", "G5"}

VARIABLES
  \* The store, as of the last entry applied.
  section,   \* [SectionRecord] owner (an incarnation, 0 after a release), epoch, base, max, pos: last number handed over
  lease,     \* [state.Lease] by node id: the living incarnation or 0, the leader's wait, whether an expire is in flight;
             \* since: what would be left of the wait, had the last renewal come when it was sent
  lastInc,   \* [Meta] the last incarnation given out
  \* Messages.
  planned,   \* the maxSeq that a grant in two entries has read, or None
  offer,     \* by node id: the grant on its way to it, or None
  raises,    \* raises that were sent and may be applied
  raised,    \* raises that took effect, and whose answer is on its way
  releases,  \* releases that were sent and may be applied
  \* Allocation nodes.
  node,      \* [Tenure] by node id: incarnation or 0, lease time left, the renewal under way, the section held
  \* Callers.
  call,      \* by client: its call
  known,     \* by client: the highest epoch and the highest number it knows
  \* What the promises speak of.
  taken,     \* numbers that were taken
  returned,  \* the highest number that a client was given
  broken,    \* promises found broken
  \* Backups.
  backup     \* None; what was saved; or "used" and how long the restored store still waits

store == <<section, lease, lastInc>>
messages == <<planned, offer, raises, raised, releases>>
callers == <<call, known>>
history == <<taken, returned, broken>>
vars == <<section, lease, lastInc, planned, offer, raises, raised, releases, node, call, known,
          taken, returned, broken, backup>>

NoLease == [inc |-> 0, wait |-> 0, since |-> 0, expiring |-> FALSE]
NoRenewal == [is |-> "none", left |-> 0, wait |-> 0]
NoTenure == [inc |-> 0, left |-> 0, renewal |-> NoRenewal, held |-> None]
NoCall == [is |-> "none", of |-> None, what |-> "next", num |-> 0, epoch |-> 0, exact |-> FALSE, mark |-> 0]

Init ==
  /\ section = [owner |-> 0, epoch |-> 0, base |-> 0, max |-> 0, pos |-> 0, released |-> FALSE]
  /\ lease = [n \in Nodes |-> NoLease]
  /\ lastInc = 0
  /\ planned = None
  /\ offer = [n \in Nodes |-> None]
  /\ raises = {} /\ raised = {} /\ releases = {}
  /\ node = [n \in Nodes |-> NoTenure]
  /\ call = [c \in Clients |-> NoCall]
  /\ known = [c \in Clients |-> [epoch |-> 0, num |-> 0]]
  /\ taken = {} /\ returned = 0 /\ broken = {}
  /\ backup = None

------------------------------------------------------------------------------
(* After a restore everything starts beyond what the lost history can have reached. *)
Restored == backup /= None /\ backup.used
JumpOf(rule, bound) == IF Kept(rule) THEN bound ELSE 0
EpochBound == IF Restored THEN backup.epoch + JumpOf("restore jumps epochs", MaxEpoch) + MaxEpoch ELSE MaxEpoch
NumberBound == IF Restored THEN backup.max + JumpOf("restore jumps numbers", MaxNumber) + MaxNumber ELSE MaxNumber
IncarnationBound == IF Restored THEN backup.inc + JumpOf("restore jumps incarnations", MaxIncarnation) + MaxIncarnation
                                ELSE MaxIncarnation
MayGrant == Restored => backup.wait = 0

Lives(inc) == inc /= 0 /\ \E n \in Nodes : lease[n].inc = inc

(* Only messages that can still do something are kept: a raise or release of an old epoch or of   *)
(* a dead incarnation is refused whenever it comes, and changes nothing. That keeps the model small. *)
Live(msgs, epoch, dead) == {m \in msgs : m.epoch = epoch /\ m.inc /= dead}
Forget(epoch, dead) ==
  /\ raises' = IF Kept("raise is fenced") THEN Live(raises, epoch, dead) ELSE raises
  /\ releases' = Live(releases, epoch, dead)

------------------------------------------------------------------------------
(* Leases: the store's side. *)

(* [LeaseRules.register, LeaseKeeper.registered] A lease counts from renewals only. *)
Register(n) ==
  /\ node[n].inc = 0 /\ lease[n].inc = 0          \* one living lease a node id
  /\ lastInc < IncarnationBound
  /\ lastInc' = lastInc + 1
  /\ lease' = [lease EXCEPT ![n] = [inc |-> lastInc + 1, wait |-> StoreWait, since |-> StoreWait, expiring |-> FALSE]]
  /\ node' = [node EXCEPT ![n] = [NoTenure EXCEPT !.inc = lastInc + 1, !.held = node[n].held]]
  /\ UNCHANGED <<section, messages, callers, history, backup>>

(* [LeaseRules.renew, LeaseWatch.onRenewed] Applied late or never; an expire in flight names an   *)
(* older renewal from now on, and will be refused. *)
ApplyRenew(n) ==
  /\ node[n].renewal.is = "sent"
  /\ \E m \in Nodes :
       /\ lease[m].inc = node[n].inc
       /\ lease' = [lease EXCEPT ![m].wait = StoreWait, ![m].since = node[n].renewal.wait,
                                 ![m].expiring = @ /\ ~Kept("expire names the renewal")]
  /\ node' = [node EXCEPT ![n].renewal.is = "applied"]
  /\ UNCHANGED <<section, lastInc, messages, callers, history, backup>>

(* [LeaseWatch.due] *)
ProposeExpire(n) ==
  /\ Has("clocks")
  /\ lease[n].inc /= 0 /\ lease[n].wait = 0 /\ ~lease[n].expiring
  /\ lease' = [lease EXCEPT ![n].expiring = TRUE]
  /\ UNCHANGED <<section, lastInc, messages, node, callers, history, backup>>

(* [LeaseRules.expire] Perhaps long after it was proposed. Without clocks: at any time. *)
ApplyExpire(n) ==
  /\ lease[n].inc /= 0
  /\ Has("clocks") => lease[n].expiring
  /\ lease' = [lease EXCEPT ![n] = NoLease]
  /\ Forget(section.epoch, lease[n].inc)
  /\ UNCHANGED <<section, lastInc, planned, offer, raised, node, callers, history, backup>>

(* [LeaseWatch.onLeader] The new leader counts from when the renewal came to it, which may be as  *)
(* early as it was sent, or anew. What the old leader proposed may still be applied. *)
ChangeLeader ==
  /\ Has("clocks")
  /\ \E anew \in SUBSET Nodes :
       lease' = [n \in Nodes |->
                   IF lease[n].inc = 0 THEN NoLease
                   ELSE [lease[n] EXCEPT !.wait = IF ~Kept("leader counts from renewals") THEN 0
                                                  ELSE IF n \in anew THEN StoreWait ELSE lease[n].since]]
  /\ UNCHANGED <<section, lastInc, messages, node, callers, history, backup>>

------------------------------------------------------------------------------
(* Leases: the holder's side. *)

(* [LeaseKeeper.renew] At any time; it stands for the ones sent before, which give less. *)
SendRenew(n) ==
  /\ Has("clocks")
  /\ node[n].inc /= 0
  /\ node' = [node EXCEPT ![n].renewal = [is |-> "sent", left |-> HolderTime, wait |-> StoreWait]]
  /\ UNCHANGED <<store, messages, callers, history, backup>>

(* [LeaseKeeper.renewed, Lease.renewed] Counts from before it was sent. *)
AnswerRenew(n) ==
  /\ node[n].renewal.is = "applied"
  /\ LET left == IF Kept("lease counts from sending") THEN node[n].renewal.left ELSE HolderTime
     IN node' = [node EXCEPT ![n].left = Max(@, left), ![n].renewal = NoRenewal]
  /\ UNCHANGED <<store, messages, callers, history, backup>>

(* The process dies, or is told that its lease is over [LeaseKeeper.lost]: all memory of the      *)
(* tenure goes. Calls inside get no answer: the lease they look at has ended. *)
Fail(n) ==
  /\ node[n].inc /= 0
  /\ node' = [node EXCEPT ![n] = [NoTenure EXCEPT !.held = IF Kept("tenure starts empty") THEN None ELSE node[n].held]]
  /\ offer' = [offer EXCEPT ![n] = None]
  /\ raised' = {r \in raised : r.inc /= node[n].inc}
  /\ call' = [c \in Clients |-> IF call[c].of = n /\ call[c].is \in {"inside", "taken"} THEN NoCall ELSE call[c]]
  /\ UNCHANGED <<store, planned, raises, releases, known, history, backup>>

(* Time passes: each clock goes on by a rate of its own, within bounds. Clocks differ most when   *)
(* holders' are slowest and the store's is fastest, so a model with those rates alone has all     *)
(* that can go wrong: other rates only end leases sooner and expire them later.                   *)
Older(renewal, rate, s) ==  \* one that could give nothing any more is left out: applied late, it only keeps a lease longer
  IF renewal.left <= rate /\ Kept("lease counts from sending") THEN NoRenewal
  ELSE [renewal EXCEPT !.left = Less(@, rate), !.wait = Less(@, s)]
Pass ==
  /\ Has("clocks")
  /\ \E rate \in [Nodes -> NodeRates], s \in StoreRates :
       /\ node' = [n \in Nodes |-> [node[n] EXCEPT !.left = Less(@, rate[n]), !.renewal = Older(@, rate[n], s)]]
       /\ lease' = [n \in Nodes |-> [lease[n] EXCEPT !.wait = Less(@, s), !.since = Less(@, s)]]
       /\ backup' = IF Restored THEN [backup EXCEPT !.wait = Less(@, s)] ELSE backup
  /\ UNCHANGED <<section, lastInc, messages, callers, history>>

IsValid(n) == /\ node[n].inc /= 0
              /\ (Has("clocks") /\ ~Has("strict")) => node[n].left > 0

------------------------------------------------------------------------------
(* Grants. *)

(* [GrantRule, SectionRecord.takenOverBy, handedOverTo] In strict mode an owner whose lease goes  *)
(* on may be passed over, as when its connection broke: the barrier stops its answers. *)
ApplyGrant(n) ==
  /\ lease[n].inc /= 0
  /\ ~Lives(section.owner) \/ Has("strict")
  /\ MayGrant
  /\ section.epoch < EpochBound
  /\ LET read == IF Kept("grant is one entry") THEN section.max ELSE planned
         next == IF section.released
                   THEN [section EXCEPT !.owner = lease[n].inc, !.epoch = @ + 1, !.released = FALSE]
                   ELSE [section EXCEPT !.owner = lease[n].inc, !.epoch = @ + 1, !.pos = 0,
                                        !.base = read, !.max = read + Step]
     IN /\ read /= None
        /\ next.max <= NumberBound
        /\ section' = next
        /\ offer' = [offer EXCEPT ![n] = IF node[n].inc = lease[n].inc
                                           THEN [epoch |-> next.epoch, base |-> next.base, max |-> next.max, pos |-> next.pos]
                                           ELSE None]
        /\ Forget(next.epoch, 0)
  /\ planned' = None
  /\ UNCHANGED <<lease, lastInc, raised, node, callers, history, backup>>

(* Only where a grant takes two entries: the first reads the ceiling. *)
ReadCeiling ==
  /\ ~Kept("grant is one entry")
  /\ planned' = section.max
  /\ UNCHANGED <<store, offer, raises, raised, releases, node, callers, history, backup>>

(* [GrantFeed.takeOn, Section.granted] A grant may be told late, by a store node that no longer   *)
(* leads; and more than once, but it is taken on once. *)
TakeOn(n) ==
  /\ node[n].inc /= 0 /\ offer[n] /= None
  /\ node' = [node EXCEPT ![n].held =
                [epoch |-> offer[n].epoch, base |-> offer[n].base, max |-> offer[n].max, last |-> offer[n].pos, open |-> TRUE]]
  /\ offer' = [offer EXCEPT ![n] = IF Kept("grant is taken on once") THEN None ELSE @]
  /\ UNCHANGED <<store, planned, raises, raised, releases, callers, history, backup>>

------------------------------------------------------------------------------
(* Raises. *)

(* [Raiser.want, Section.isLow] In the upper half of a window, which is its end with steps as     *)
(* small as here. Sent again as it was until it is answered. *)
SendRaise(n) ==
  /\ Has("raise")
  /\ node[n].inc /= 0 /\ node[n].held /= None
  /\ node[n].held.open
  /\ Max(node[n].held.last, node[n].held.base) = node[n].held.max
  /\ node[n].held.max + Step <= NumberBound
  /\ LET raise == [inc |-> node[n].inc, epoch |-> node[n].held.epoch, from |-> node[n].held.max]
     IN raise \notin raised /\ raises' = raises \union {raise}
  /\ UNCHANGED <<store, planned, offer, raised, releases, node, callers, history, backup>>

(* [RaiseRule.check] One that is refused changes nothing, and the node has lost the section: Fail. *)
ApplyRaise ==
  \E raise \in raises :
    /\ Kept("raise is fenced") => Lives(raise.inc) /\ section.owner = raise.inc /\ section.epoch = raise.epoch
    /\ section.max \in {raise.from, raise.from + Step}
    /\ section' = [section EXCEPT !.max = raise.from + Step]
    /\ raises' = raises \ {raise}
    /\ raised' = raised \union {raise}
    /\ UNCHANGED <<lease, lastInc, planned, offer, releases, node, callers, history, backup>>

(* [Raiser.finish, Section.raised] However late it comes, it is about this epoch's window. *)
AnswerRaise(n) ==
  \E raise \in raised :
    /\ raise.inc = node[n].inc
    /\ raised' = raised \ {raise}
    /\ node' = IF node[n].held /= None /\ node[n].held.epoch = raise.epoch
                 THEN [node EXCEPT ![n].held.max = Max(@, raise.from + Step)]
                 ELSE node
    /\ UNCHANGED <<store, planned, offer, raises, releases, callers, history, backup>>

------------------------------------------------------------------------------
(* Releases. *)

(* [Releaser.release, Section.stop] *)
Stop(n) ==
  /\ Has("release")
  /\ node[n].inc /= 0 /\ node[n].held /= None
  /\ node[n].held.open
  /\ node' = [node EXCEPT ![n].held.open = FALSE]
  /\ UNCHANGED <<store, messages, callers, history, backup>>

IsInside(n) == \E c \in Clients : call[c].of = n /\ call[c].is = "inside"
IsRaising(n) == \E r \in raises \union raised : r.inc = node[n].inc /\ r.epoch = node[n].held.epoch

(* [Releaser.Run.send, Quiescence, ReleaseItems] Sent again as it was until it is answered, so    *)
(* nothing more is needed from the section. A node that leaves gives its lease up with it: it     *)
(* takes on nothing any more [AllocNode.giveAllBack]. *)
SendRelease(n, leaves) ==
  /\ Has("release")
  /\ leaves => Has("leave")
  /\ node[n].inc /= 0 /\ node[n].held /= None
  /\ Kept("release stops first") => ~node[n].held.open
  /\ Kept("release waits for calls") => ~IsInside(n)
  /\ ~IsRaising(n)
  /\ releases' = releases \union
       {[inc |-> node[n].inc, epoch |-> node[n].held.epoch, max |-> node[n].held.max,
         pos |-> node[n].held.last, leaves |-> leaves]}
  /\ IF leaves
       THEN /\ node' = [node EXCEPT ![n] = NoTenure]
            /\ offer' = [offer EXCEPT ![n] = None]
       ELSE /\ node' = [node EXCEPT ![n].held = IF @.open \/ IsInside(n) THEN @ ELSE None]
            /\ UNCHANGED offer
  /\ UNCHANGED <<store, planned, raises, raised, callers, history, backup>>

(* [ReleaseRule] Applied again it changes nothing, so that is left out. *)
ApplyRelease ==
  \E release \in releases :
    /\ Lives(release.inc) /\ section.owner = release.inc /\ section.epoch = release.epoch
    /\ section.max = release.max
    /\ section' = [section EXCEPT !.owner = 0, !.pos = release.pos, !.released = TRUE]
    /\ lease' = IF release.leaves
                  THEN [n \in Nodes |-> IF lease[n].inc = release.inc THEN NoLease ELSE lease[n]]
                  ELSE lease
    /\ releases' = releases \ {release}
    /\ UNCHANGED <<lastInc, planned, offer, raises, raised, node, callers, history, backup>>

------------------------------------------------------------------------------
(* Calls. A request goes where a route says that may be old, and carries that route's epoch; where *)
(* node and epoch don't fit it is refused and nothing happened. So the route is chosen here when it *)
(* arrives: any that fits and that the client may use, which is none below its floor.               *)

(* [IssueHandler.handle, serve] The lease is looked at after the request arrived. What a caller  *)
(* was given before it called, it was given before the call arrived: so calls begin here, and the  *)
(* promises come out a little stronger than they are made.                                         *)
Arrive(c, n, what) ==
  /\ call[c].is = "none"
  /\ what = "current" => Has("current")
  /\ node[n].held /= None
  /\ node[n].held.open
  /\ Kept("client keeps the floor") => node[n].held.epoch >= known[c].epoch
  /\ Kept("lease is checked after arrival") => IsValid(n)
  /\ call' = [call EXCEPT ![c] =
                [NoCall EXCEPT !.is = "inside", !.of = n, !.what = what, !.epoch = node[n].held.epoch,
                               !.mark = IF what = "current" THEN Highest(taken) ELSE returned]]
  /\ UNCHANGED <<store, messages, node, known, history, backup>>

(* [Section.take] A call that saw the section open may come to its number after it was stopped.   *)
(* Above the ceiling it waits for a raise [WaitingRoom]. *)
Take(c) ==
  LET n == call[c].of
      held == node[n].held
      num == Max(held.last, held.base) + 1
  IN /\ call[c].is = "inside" /\ call[c].what = "next"
     /\ held /= None /\ held.epoch = call[c].epoch
     /\ num <= held.max
     /\ node' = [node EXCEPT ![n].held.last = num]
     /\ call' = [call EXCEPT ![c].is = "taken", ![c].num = num]
     /\ taken' = IF NeedsTaken THEN taken \union {num} ELSE taken
     /\ broken' = IF num \in taken /\ Watch("G1") THEN broken \union {"G1"} ELSE broken
     /\ UNCHANGED <<store, messages, known, returned, backup>>

(* [Section.current] Exact with a counter, or where there never was a number. *)
Look(c) ==
  LET held == node[call[c].of].held
  IN /\ call[c].is = "inside" /\ call[c].what = "current"
     /\ held /= None /\ held.epoch = call[c].epoch
     /\ call' = [call EXCEPT ![c].is = "taken",
                             ![c].num = Max(held.last, held.base),
                             ![c].exact = held.last /= 0 \/ held.base = 0]
     /\ UNCHANGED <<store, messages, node, known, history, backup>>

(* [IssueBatch.send] In lease mode the lease is looked at once more. In strict mode a committed   *)
(* barrier, sent after the call arrived, says that the section is still this owner's in this epoch *)
(* [Barrier, BarrierRule]. After it, the answer may take any time. *)
Answer(c) ==
  /\ call[c].is = "taken"
  /\ IF Has("strict")
       THEN /\ Lives(node[call[c].of].inc)
            /\ Kept("barrier compares the epoch") =>
                 section.owner = node[call[c].of].inc /\ section.epoch = call[c].epoch
       ELSE Kept("lease is checked after arrival") => IsValid(call[c].of)
  /\ call' = [call EXCEPT ![c].is = "answered", ![c].of = None]
  /\ UNCHANGED <<store, messages, node, known, history, backup>>

(* [Dispatcher.answered, EpochFloor.accept] *)
Accept(c) ==
  LET num == call[c].num
      next == call[c].what = "next"
      stale == Kept("client keeps the floor") /\ call[c].epoch < known[c].epoch
      wrong == {p \in Watched :
                  \/ p = "G2" /\ next /\ num <= known[c].num
                  \/ p = "G3" /\ next /\ num <= call[c].mark
                  \/ p = "G5" /\ ~next /\ num < call[c].mark
                  \/ p = "G5" /\ ~next /\ call[c].exact /\ num \notin taken \union {0}}
  IN /\ call[c].is = "answered"
     /\ call' = [call EXCEPT ![c] = NoCall]
     /\ IF stale
          THEN UNCHANGED <<known, returned, broken>>
          ELSE /\ broken' = broken \union wrong
               /\ returned' = IF Watch("G3") /\ next THEN Max(returned, num) ELSE returned
               /\ known' = IF Watch("G2")
                             THEN [known EXCEPT ![c] = [epoch |-> Max(@.epoch, call[c].epoch),
                                                        num |-> IF next THEN Max(@.num, num) ELSE @.num]]
                             ELSE known
     /\ UNCHANGED <<store, messages, node, taken, backup>>

(* A client hears from another, between two calls of its own. *)
Inform(from, to) ==
  /\ Has("inform")
  /\ call[to].is = "none" /\ known[from] /= known[to]
  /\ known[from].num > known[to].num
  /\ known' = [known EXCEPT ![to] = [epoch |-> Max(@.epoch, known[from].epoch), num |-> known[from].num]]
  /\ UNCHANGED <<store, messages, node, call, history, backup>>

(* The deadline has passed or the attempt failed; an answer that still comes belongs to no call. *)
GiveUp(c) ==
  /\ call[c].is /= "none"
  /\ call' = [call EXCEPT ![c] = NoCall]
  /\ UNCHANGED <<store, messages, node, known, history, backup>>

------------------------------------------------------------------------------
(* Backup and restore. *)

Save ==
  /\ Has("restore") /\ backup = None
  /\ backup' = [used |-> FALSE, epoch |-> section.epoch, max |-> section.max, inc |-> lastInc, wait |-> 0]
  /\ UNCHANGED <<store, messages, node, callers, history>>

(* The store is as it was saved, but beyond what may have happened since: ceilings, epochs and    *)
(* incarnations. Nodes of the lost history may still serve, so it waits before it grants. *)
Restore ==
  /\ backup /= None /\ ~Restored
  /\ LET max == backup.max + JumpOf("restore jumps numbers", MaxNumber)
         epoch == backup.epoch + JumpOf("restore jumps epochs", MaxEpoch)
     IN /\ section' = [owner |-> 0, epoch |-> epoch, base |-> max, max |-> max, pos |-> 0, released |-> FALSE]
        /\ Forget(epoch, 0)
  /\ lastInc' = backup.inc + JumpOf("restore jumps incarnations", MaxIncarnation)
  /\ lease' = [n \in Nodes |-> NoLease]
  /\ backup' = [backup EXCEPT !.used = TRUE,
                              !.wait = IF Kept("restore waits") /\ Has("clocks") THEN StoreWait ELSE 0]
  /\ planned' = None
  /\ UNCHANGED <<offer, raised, node, callers, history>>

------------------------------------------------------------------------------
Next ==
  \/ \E n \in Nodes : Register(n)
  \/ \E n \in Nodes : SendRenew(n)
  \/ \E n \in Nodes : ApplyRenew(n)
  \/ \E n \in Nodes : AnswerRenew(n)
  \/ \E n \in Nodes : ProposeExpire(n)
  \/ \E n \in Nodes : ApplyExpire(n)
  \/ ChangeLeader
  \/ Pass
  \/ \E n \in Nodes : Fail(n)
  \/ ReadCeiling
  \/ \E n \in Nodes : ApplyGrant(n)
  \/ \E n \in Nodes : TakeOn(n)
  \/ \E n \in Nodes : SendRaise(n)
  \/ ApplyRaise
  \/ \E n \in Nodes : AnswerRaise(n)
  \/ \E n \in Nodes : Stop(n)
  \/ \E n \in Nodes, leaves \in BOOLEAN : SendRelease(n, leaves)
  \/ ApplyRelease
  \/ \E c \in Clients, n \in Nodes, what \in {"next", "current"} : Arrive(c, n, what)
  \/ \E c \in Clients : Take(c)
  \/ \E c \in Clients : Look(c)
  \/ \E c \in Clients : Answer(c)
  \/ \E c \in Clients : Accept(c)
  \/ \E from, to \in Clients : Inform(from, to)
  \/ \E c \in Clients : GiveUp(c)
  \/ Save
  \/ Restore

Spec == Init /\ [][Next]_vars

------------------------------------------------------------------------------
(* The promises. *)

G1Unique == "G1" \notin broken        \* no number is taken twice, answered or not
G2SessionOrder == "G2" \notin broken  \* a client is never given a number at or below one it knew of
G3RealTimeOrder == "G3" \notin broken \* nor one at or below any that was given before it called
G5Current == "G5" \notin broken       \* `current` is not below a number taken before, and exact is exact

(* What they rest on. *)

Held(n) == node[n].held
Holds(n) == Held(n) /= None

MayServe(n) == Holds(n) /\ Held(n).open /\ IsValid(n)
AtMostOneServing == \A a, b \in Nodes : MayServe(a) /\ MayServe(b) => a = b

NothingAboveTheCeiling ==
  \A n \in Nodes : Holds(n) =>
    /\ Held(n).last <= Held(n).max
    /\ Held(n).epoch = section.epoch => Held(n).max <= section.max

(* Whatever the clocks do, an old epoch's window ends where the next begins. A window that was    *)
(* handed over has left its old owner's memory. *)
WindowsDontOverlap ==
  /\ \A n \in Nodes : Holds(n) /\ Held(n).epoch < section.epoch => Held(n).max <= section.base
  /\ \A a, b \in Nodes : Holds(a) /\ Holds(b) /\ Held(a).epoch < Held(b).epoch => Held(a).max <= Held(b).base
  /\ \A r \in raised : r.epoch < section.epoch => r.from + Step <= section.base

(* G4: a release says the last number that was taken, so the next one is one above it. *)
ReleaseSkipsNothing ==
  section.released /\ Watch("G4") => Max(section.pos, section.base) = Max(section.base, Highest(taken))

(* No step, restore included, lowers an epoch or a ceiling. *)
OnlyUp == [][section'.epoch >= section.epoch /\ section'.max >= section.max /\ section'.base >= section.base]_vars

(* Nodes are alike, and so are clients. *)
Symmetry == Permutations(Nodes) \union Permutations(Clients)
==============================================================================
