package dev.ratchet.testkit.sim;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.store.state.Result;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What Raft promises to the store, without Raft: one committed log, one leader a term, an entry
 * committed once a majority can be reached, a leader that has all of it. And what it does not
 * promise: a leader that lost a majority believes in itself for a while, and what it had proposed
 * is lost, or committed by the next leader though its proposer never hears of it.
 */
final class SimRaft {
  private static final long TICK = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long ELECTION_MILLIS = 500;
  private static final long ELECTION_JITTER_MILLIS = 300;
  private static final long VOTE_MILLIS = 300;

  private final SimScheduler scheduler;
  private final SimNetwork network;
  private final SplittableRandom random;
  private final List<SimStore> members;
  private final List<byte[]> log = new ArrayList<>();

  /** What the leader of now has taken and not committed, or an earlier one left behind. */
  private final Deque<Entry> uncommitted = new ArrayDeque<>();

  private long term;
  private @Nullable SimStore leader;
  private @Nullable SimStore formerLeader;
  private boolean opened;
  private boolean roundUnderWay;
  private long inTouchAt;
  private long patience;
  private long electionAt = Long.MAX_VALUE;
  private long slowCommit;
  private double refusals;
  private int elections;
  private int carriedOver;
  private int lost;

  /** A proposal, and who awaits its outcome in which term. */
  static final class Entry {
    private final byte[] bytes;
    private final CompletableFuture<Result> outcome = new CompletableFuture<>();

    Entry(byte[] bytes) {
      this.bytes = bytes;
    }

    byte[] bytes() {
      return bytes;
    }

    CompletableFuture<Result> outcome() {
      return outcome;
    }
  }

  SimRaft(SimScheduler scheduler, SimNetwork network, List<SimStore> members) {
    this.scheduler = scheduler;
    this.network = network;
    this.random = scheduler.random("raft");
    this.members = members;
  }

  void start() {
    electionAt = 0;
    scheduler.after(TICK, "raft", this::tick);
  }

  int elections() {
    return elections;
  }

  /** Entries of deposed leaders that a later one committed. */
  int carriedOver() {
    return carriedOver;
  }

  /** Entries of deposed leaders that were never committed. */
  int lost() {
    return lost;
  }

  long term() {
    return term;
  }

  @Nullable SimStore leader() {
    return leader;
  }

  /** Entries committed so far. */
  int committed() {
    return log.size();
  }

  /** The entry of an index, from 1. */
  byte[] entry(int index) {
    return log.get(index - 1);
  }

  /** Makes commits slow: a disk or a link that is. */
  void slowCommits(long nanos) {
    slowCommit = nanos;
  }

  /** Lets a share of what is not urgent be refused: the log is full. */
  void refuse(double share) {
    refusals = share;
  }

  private boolean hasMajority(SimStore member) {
    return reached(member).size() > members.size() / 2;
  }

  /** Who takes part in what a member does now, itself included. */
  private List<SimStore> reached(SimStore member) {
    List<SimStore> reached = new ArrayList<>();
    for (SimStore other : members) {
      boolean self = other.index() == member.index();
      if (self
          ? member.process().isRunning()
          : network.areInTouch(member.process(), other.process())) {
        reached.add(other);
      }
    }
    return reached;
  }

  private void tick() {
    SimStore leads = leader;
    if (leads == null) {
      elect();
    } else if (hasMajority(leads)) {
      inTouchAt = scheduler.now();
      patience = millis(ELECTION_MILLIS + random.nextLong(ELECTION_JITTER_MILLIS));
      heartbeat(leads);
    } else if (scheduler.now() - inTouchAt > patience) {
      depose(millis(random.nextLong(VOTE_MILLIS)));
    }
    for (SimStore member : members) {
      stepDownIfDeposed(member);
    }
    scheduler.after(TICK, "raft", this::tick);
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** The leader of now leads no more, though it may not know. */
  private void depose(long untilElection) {
    SimStore leads = leader;
    formerLeader = leads;
    leader = null;
    opened = false;
    electionAt = scheduler.now() + untilElection;
    scheduler.note(() -> "raft: " + (leads == null ? "nobody" : leads) + " is deposed");
  }

  /** A member's process ended: what it led, it leads no more, even if it is back at once. */
  void died(SimStore member) {
    SimStore leads = leader;
    if (leads != null && leads.index() == member.index()) {
      depose(millis(ELECTION_MILLIS + random.nextLong(ELECTION_JITTER_MILLIS + VOTE_MILLIS)));
    }
  }

  /** Gives leadership away, as an operator may ask. */
  void transfer() {
    SimStore leads = leader;
    if (leads != null && opened) {
      depose(millis(5 + random.nextLong(40)));
      leads.leadsNoMore();
    }
  }

  private void elect() {
    if (scheduler.now() < electionAt) {
      return;
    }
    List<SimStore> able = new ArrayList<>();
    for (SimStore member : members) {
      if (member.stored() == log.size() && hasMajority(member)) {
        able.add(member);
      }
    }
    if (able.isEmpty()) {
      return;
    }
    SimStore winner = able.get(random.nextInt(able.size()));
    term++;
    elections++;
    leader = winner;
    inTouchAt = scheduler.now();
    patience = millis(ELECTION_MILLIS);
    SimStore former = formerLeader;
    if (former == null || former.index() != winner.index()) {
      int kept = uncommitted.isEmpty() ? 0 : random.nextInt(uncommitted.size() + 1);
      while (uncommitted.size() > kept) {
        uncommitted.removeLast();
        lost++;
      }
    }
    formerLeader = winner;
    scheduler.note(() -> "raft: " + winner + " is elected in term " + term);
    if (winner.believesToLead()) {
      winner.leadsNoMore();
    }
    scheduler.after(millis(2 + random.nextLong(30)), "raft", () -> open(winner, term));
  }

  /** The first entry of the term is committed, and with it all that is left of earlier ones. */
  private void open(SimStore winner, long inTerm) {
    if (leader == null || term != inTerm || opened) {
      return;
    }
    if (!hasMajority(winner)) {
      scheduler.after(TICK, "raft", () -> open(winner, inTerm));
      return;
    }
    opened = true;
    carriedOver += uncommitted.size();
    commitAll(winner, uncommitted.size(), false);
    winner.leads(inTerm);
  }

  /** Takes a proposal of a member that believes to lead in a term. */
  CompletableFuture<Result> propose(SimStore member, byte[] bytes, boolean urgent) {
    if (!urgent && refusals > 0 && random.nextDouble() < refusals) {
      return CompletableFuture.failedFuture(
          new RatchetException(ErrorCode.OVERLOADED, "the store has too many commands in flight"));
    }
    Entry entry = new Entry(bytes);
    member.awaits(entry);
    SimStore leads = leader;
    boolean truly =
        leads != null && opened && leads.index() == member.index() && member.leadsIn() == term;
    if (truly) {
      uncommitted.add(entry);
      startRound(member);
    }
    return entry.outcome();
  }

  private void startRound(SimStore member) {
    if (roundUnderWay) {
      return;
    }
    roundUnderWay = true;
    long inTerm = term;
    long delay = 300_000 + random.nextLong(2_000_000);
    delay += slowCommit == 0 ? 0 : random.nextLong(slowCommit);
    int taken = uncommitted.size();
    scheduler.after(delay, "commit", () -> endRound(member, inTerm, taken));
  }

  private void endRound(SimStore member, long inTerm, int taken) {
    roundUnderWay = false;
    SimStore leads = leader;
    if (leads == null || term != inTerm || !opened) {
      return;
    }
    if (hasMajority(member)) {
      commitAll(member, Math.min(taken, uncommitted.size()), true);
    }
    if (!uncommitted.isEmpty()) {
      startRound(member);
    }
  }

  private void commitAll(SimStore member, int count, boolean told) {
    for (int i = 0; i < count; i++) {
      Entry entry = uncommitted.removeFirst();
      log.add(entry.bytes());
      if (told) {
        member.proposedAt(log.size(), entry);
      }
    }
    for (SimStore reached : reached(member)) {
      reached.store(log.size());
    }
    member.learn(log.size());
    heartbeat(member);
  }

  private void heartbeat(SimStore leads) {
    int all = log.size();
    for (SimStore other : members) {
      if (other.index() != leads.index() && network.areInTouch(leads.process(), other.process())) {
        network.send(
            leads.process(),
            other.process(),
            "append",
            () -> {
              if (other.process().isRunning()) {
                other.hear(leads, all);
              }
            });
      }
    }
  }

  /** Who was deposed finds out by a message of the new leader, or by hearing of no majority. */
  private void stepDownIfDeposed(SimStore member) {
    SimStore leads = leader;
    boolean truly = leads != null && leads.index() == member.index() && member.leadsIn() == term;
    if (!member.believesToLead() || truly || !member.process().isRunning()) {
      member.deposedAt(Long.MAX_VALUE);
      return;
    }
    if (member.deposedAt() == Long.MAX_VALUE) {
      member.deposedAt(scheduler.now() + millis(ELECTION_MILLIS + random.nextLong(500)));
    }
    boolean heard =
        leads != null
            && network.carries(leads.process(), member.process())
            && leads.process().isRunning()
            && random.nextInt(4) == 0;
    if (heard || scheduler.now() >= member.deposedAt()) {
      member.leadsNoMore();
    }
  }
}
