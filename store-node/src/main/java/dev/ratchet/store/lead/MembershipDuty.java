package dev.ratchet.store.lead;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.DiskReply;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.time.MonotonicClock;
import dev.ratchet.store.member.MemberBook;
import dev.ratchet.store.member.MemberCalls;
import dev.ratchet.store.member.MembershipPlan;
import dev.ratchet.store.raft.RaftGroup;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.MemberSet;
import dev.ratchet.store.state.StoreMember;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * On the leader, brings Raft's voters to the members that the cluster has recorded, and records the
 * first ones. What was begun is in the log, so the next leader goes on with it. On a thread of its
 * own. Thread-safe.
 *
 * <p>Invariants: a node becomes a voter only while the disk that was recorded for it answers; one
 * change of voters at a time; leadership is handed over at most every {@link
 * #TRANSFER_PAUSE_MILLIS}.
 */
public final class MembershipDuty implements AutoCloseable {
  static final long TICK_MILLIS = 200;

  /** Least time between two transfers: an election costs the store some hundred milliseconds. */
  static final long TRANSFER_PAUSE_MILLIS = 3_000;

  private static final long DISK_MILLIS = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(MembershipDuty.class);

  private final RaftGroup raft;
  private final Proposer proposer;
  private final MemberBook book;
  private final MemberCalls calls;
  private final List<StoreMember> first;
  private final HostPort self;
  private final MonotonicClock clock;
  private final ScheduledExecutorService thread;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final AtomicLong lastTransfer;

  /** Touched by the duty's thread only: version of the members that connections are kept to. */
  private long keptVersion;

  /** Touched by the duty's thread, and by callbacks while it is busy. */
  private volatile String lastTrouble = "";

  /**
   * The duty of one node.
   *
   * @param first the configured members, without disks
   * @param self this node's Raft address
   */
  public MembershipDuty(
      RaftGroup raft,
      Proposer proposer,
      MemberBook book,
      MemberCalls calls,
      List<StoreMember> first,
      HostPort self,
      MonotonicClock clock) {
    this.raft = raft;
    this.proposer = proposer;
    this.book = book;
    this.calls = calls;
    this.first = List.copyOf(first);
    this.self = self;
    this.clock = clock;
    this.lastTransfer =
        new AtomicLong(clock.nanos() - TimeUnit.MILLISECONDS.toNanos(TRANSFER_PAUSE_MILLIS));
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread created = new Thread(task, "store-members-" + self.port());
              created.setDaemon(true);
              return created;
            });
  }

  /** Begins. */
  public void start() {
    thread.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** The change of voters that is to come next. */
  public MembershipPlan plan() {
    return MembershipPlan.next(book.recorded(), raft.voters(), self);
  }

  private void tick() {
    try {
      dropConnections();
      long term = raft.leaderTerm();
      if (term != 0 && busy.compareAndSet(false, true)) {
        step(term)
            .whenComplete(
                (done, failure) -> {
                  report(failure);
                  busy.set(false);
                });
      }
    } catch (RuntimeException e) {
      // The timer would stop for good; the next tick starts from what is so then.
      busy.set(false);
      LOG.error("the duty of the members failed; it goes on with the next tick", e);
    }
  }

  private void dropConnections() {
    MemberSet set = book.recorded();
    if (set.version() != keptVersion) {
      calls.retain(set.members().stream().map(StoreMember::rpc).toList());
      keptVersion = set.version();
    }
  }

  private CompletableFuture<?> step(long term) {
    if (book.recorded().version() == 0) {
      return recordFirst(term);
    }
    MembershipPlan plan = plan();
    StoreMember member = plan.member();
    HostPort voter = plan.voter();
    return switch (plan.kind()) {
      case NOTHING -> CompletableFuture.completedFuture(null);
      case ADD -> member == null ? CompletableFuture.completedFuture(null) : add(member);
      case REMOVE -> {
        LOG.info("the voter at {} is no member any more; removing it", voter);
        yield voter == null ? CompletableFuture.completedFuture(null) : raft.removeVoter(voter);
      }
      case HAND_OVER -> {
        handOver();
        yield CompletableFuture.completedFuture(null);
      }
    };
  }

  private CompletableFuture<?> recordFirst(long term) {
    Set<HostPort> voters = raft.voters();
    Set<HostPort> configured = first.stream().map(StoreMember::raft).collect(Collectors.toSet());
    if (!voters.equals(configured)) {
      return CompletableFuture.completedFuture(null);
    }
    List<StoreMember> members =
        first.stream().map(this::withDisk).filter(member -> !member.disk().isEmpty()).toList();
    if (members.size() < first.size()) {
      return CompletableFuture.completedFuture(null);
    }
    return proposer.propose(new Command.SetMembers(0, members), term);
  }

  private StoreMember withDisk(StoreMember member) {
    String disk = book.diskOf(member.node());
    return new StoreMember(
        member.node(), member.zone(), member.rpc(), member.raft(), disk == null ? "" : disk);
  }

  private CompletableFuture<Void> add(StoreMember member) {
    return calls
        .disk(member.rpc(), DISK_MILLIS)
        .thenCompose(
            answer -> {
              if (!answer.disk().equals(member.disk())) {
                throw new RatchetException(
                    ErrorCode.UNAVAILABLE,
                    "'"
                        + member.node()
                        + "' was recorded with disk "
                        + member.disk()
                        + ", and answers with "
                        + answer.disk()
                        + ": remove it, and add it anew");
              }
              if (!answer.started()) {
                throw new RatchetException(
                    ErrorCode.UNAVAILABLE, "'" + member.node() + "' has not heard of it yet");
              }
              LOG.info("'{}' at {} becomes a voter", member.node(), member.raft());
              return raft.addVoter(member.raft());
            });
  }

  private void handOver() {
    Set<HostPort> living = new HashSet<>(raft.livingVoters());
    for (StoreMember member : book.recorded().members()) {
      if (living.contains(member.raft()) && !member.raft().equals(self)) {
        String why = transfer(member);
        if (why != null) {
          LOG.debug("leadership is not handed over yet: {}", why);
        }
        return;
      }
    }
  }

  /** Begins to hand leadership to a member; gives why it can't, or null. */
  public @Nullable String transfer(StoreMember member) {
    long now = clock.nanos();
    long last = lastTransfer.get();
    long pause = TimeUnit.MILLISECONDS.toNanos(TRANSFER_PAUSE_MILLIS);
    if (now - last < pause || !lastTransfer.compareAndSet(last, now)) {
      return "leadership was handed over less than " + TRANSFER_PAUSE_MILLIS + " ms ago";
    }
    LOG.info("handing leadership of the store to '{}'", member.node());
    return raft.transferTo(member.raft());
  }

  /**
   * Records that a node is to be a member, once it has answered that it is of this cluster, waits
   * with an empty disk, and can read this log.
   *
   * @param wanted without its disk
   * @param check throws when the two nodes must not share a log
   */
  public CompletableFuture<Long> add(StoreMember wanted, DiskCheck check) {
    MemberSet set = book.recorded();
    StoreMember known = set.member(wanted.node());
    return calls
        .disk(wanted.rpc(), DISK_MILLIS)
        .thenCompose(
            answer -> {
              StoreMember member =
                  new StoreMember(
                      wanted.node(), wanted.zone(), wanted.rpc(), wanted.raft(), answer.disk());
              if (member.equals(known)) {
                return CompletableFuture.completedFuture(set.version()); // asked for again
              }
              check.check(answer);
              List<StoreMember> members = new ArrayList<>(set.members());
              members.add(member);
              return propose(set, members);
            });
  }

  /** Records that a node is to be a member no more. */
  public CompletableFuture<Long> remove(String node) {
    MemberSet set = book.recorded();
    return propose(
        set, set.members().stream().filter(member -> !member.node().equals(node)).toList());
  }

  private CompletableFuture<Long> propose(MemberSet from, List<StoreMember> members) {
    return proposer
        .propose(new Command.SetMembers(from.version(), members))
        .thenApply(result -> from.version() + 1);
  }

  /** What must hold of the answer of a node that is to be added. */
  @FunctionalInterface
  public interface DiskCheck {
    void check(DiskReply answer);
  }

  private void report(@Nullable Throwable failure) {
    String trouble = failure == null ? "" : RatchetException.of(failure).getMessage();
    if (failure != null && !lastTrouble.equals(trouble)) {
      LOG.info("a change of the members waits: {}", trouble);
    }
    lastTrouble = trouble == null ? "" : trouble;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
