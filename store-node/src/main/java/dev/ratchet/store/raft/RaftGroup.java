package dev.ratchet.store.raft;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.NodeManager;
import com.alipay.sofa.jraft.RaftServiceFactory;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.core.State;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.option.NodeOptions;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.time.MonotonicClock;
import dev.ratchet.store.disk.DataFolder;
import dev.ratchet.store.disk.HaltAction;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This member of the Raft group: takes entries while it leads, and applies committed ones always.
 * Thread-safe.
 */
public final class RaftGroup implements AutoCloseable {
  private static final long TICK_MILLIS = 100;

  private final Node node;
  private final NodeOptions options;
  private final PeerId self;
  private final RaftServer server;
  private final RaftMachine machine;
  private final InFlight inFlight;
  private final ExecutorService snapshotWorker;
  private final ScheduledExecutorService timer;
  private final MonotonicClock clock;
  private final Timer proposals;

  private RaftGroup(
      Node node,
      NodeOptions options,
      PeerId self,
      RaftServer server,
      RaftMachine machine,
      RaftSettings settings,
      ExecutorService snapshotWorker,
      MonotonicClock clock,
      MeterRegistry meters) {
    this.node = node;
    this.options = options;
    this.self = self;
    this.server = server;
    this.machine = machine;
    this.inFlight = new InFlight();
    this.snapshotWorker = snapshotWorker;
    this.clock = clock;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> RaftServer.daemon(task, "raft-timer-" + self.getPort()));
    this.proposals =
        Timer.builder("ratchet.store.proposal")
            .description("Commands committed by this member as leader, and the time each took")
            .publishPercentileHistogram()
            .tag("node", settings.node())
            .register(meters);
    registerGauges(meters, settings.node());
    timer.scheduleWithFixedDelay(
        () -> inFlight.giveUp(clock.nanos()), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Starts the member and returns when its snapshot is loaded; it then seeks or follows a leader.
   *
   * @param folder the node's folder, claimed for it once Raft's own part of it is in order
   * @param leadership told of this member's terms, also before this returns
   * @throws IOException that says why it refuses to start
   */
  public static RaftGroup start(
      RaftSettings settings,
      DataFolder folder,
      ReplicatedState state,
      Leadership leadership,
      HaltAction halt,
      MonotonicClock clock,
      MeterRegistry meters)
      throws IOException {
    new RaftDisk(settings).prepare(folder.isFirstStart());
    folder.claim();
    LogStorageMemory.limit();
    LastHeard heard = new LastHeard(clock);
    RaftServer server = RaftServer.bind(settings.self(), heard::now);
    ExecutorService snapshotWorker =
        Executors.newSingleThreadExecutor(
            task -> RaftServer.daemon(task, "raft-snapshot-" + settings.self().port()));
    RaftMachine machine =
        new RaftMachine(settings, state, leadership, heard, halt, snapshotWorker, meters);
    NodeOptions options = RaftNodeOptions.of(settings, machine);
    PeerId self = RaftNodeOptions.peer(settings.self());
    NodeManager.getInstance().addAddress(self.getEndpoint());
    Node node = RaftServiceFactory.createRaftNode(settings.group(), self);
    boolean started = false;
    try {
      started = node.init(options);
    } finally {
      if (!started) {
        server.close();
        snapshotWorker.shutdownNow();
        NodeManager.getInstance().removeAddress(self.getEndpoint());
      }
    }
    if (!started) {
      throw new IOException(
          "Raft can't start on "
              + settings.folder()
              + "; the log above says why. If its files are damaged, remove this member from the"
              + " cluster and add it anew");
    }
    return new RaftGroup(
        node, options, self, server, machine, settings, snapshotWorker, clock, meters);
  }

  private void registerGauges(MeterRegistry meters, String nodeId) {
    Gauge.builder("ratchet.store.term", machine, RaftMachine::term)
        .description("Raft term of this member")
        .tag("node", nodeId)
        .register(meters);
    Gauge.builder("ratchet.store.leader", this, group -> group.leaderTerm() > 0 ? 1 : 0)
        .description("Whether this member leads the store")
        .tag("node", nodeId)
        .register(meters);
    Gauge.builder("ratchet.store.applied", this, RaftGroup::applied)
        .description("Index of the last entry this member applied")
        .tag("node", nodeId)
        .register(meters);
    Gauge.builder("ratchet.store.proposals.in.flight", inFlight, InFlight::entries)
        .description("Commands proposed by this member and not yet applied")
        .tag("node", nodeId)
        .register(meters);
  }

  /**
   * Proposes an entry, meant for one term of this member's leadership, and gives its outcome once
   * it is committed and applied here. The future fails with {@link RatchetException} only: {@code
   * NOT_LEADER} and {@code OVERLOADED} when it certainly was not appended, {@code UNKNOWN_OUTCOME}
   * when it may be committed yet.
   */
  public CompletableFuture<Object> propose(byte[] entry, Urgency urgency, long inTerm) {
    long now = clock.nanos();
    Proposal proposal = new Proposal(entry.length, urgency, now);
    if (inTerm == 0 || inTerm != machine.leaderTerm()) {
      proposal.fail(notLeader());
      return proposal.outcome();
    }
    try {
      inFlight.add(proposal);
      Task task = new Task(ByteBuffer.wrap(entry), proposal);
      task.setExpectedTerm(inTerm);
      node.apply(task);
    } catch (RatchetException e) {
      proposal.fail(e);
    } catch (RuntimeException e) {
      // The library throws only before it queues: it is closing, or its threads are all busy.
      proposal.fail(
          new RatchetException(ErrorCode.OVERLOADED, "the store's log takes no command: " + e));
    }
    proposal.outcome().thenRun(() -> proposals.record(clock.nanos() - now, TimeUnit.NANOSECONDS));
    return proposal.outcome();
  }

  private static RatchetException notLeader() {
    return new RatchetException(ErrorCode.NOT_LEADER, "this store node does not lead");
  }

  /** The term that this member leads, having applied all before it; 0 while it doesn't lead. */
  public long leaderTerm() {
    return machine.leaderTerm();
  }

  /** Raft address of the leader as this member knows it, or null. */
  public @Nullable HostPort leader() {
    // Null before the first election; the library is not annotated.
    @Nullable PeerId leader = node.getLeaderId();
    return leader == null || leader.isEmpty()
        ? null
        : new HostPort(leader.getIp(), leader.getPort());
  }

  /** Raft term. */
  public long term() {
    return machine.term();
  }

  /** Index of the last entry applied. */
  public long applied() {
    return node.getLastAppliedLogIndex();
  }

  /** The role in a word: leader, follower, candidate or error. */
  public String role() {
    State state = node.getNodeState();
    return state.name().substring("STATE_".length()).toLowerCase(Locale.ROOT);
  }

  /** Completes when this member has applied all that was committed when it was called. */
  public CompletableFuture<Void> catchUp() {
    CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    ReadIndexClosure done =
        new ReadIndexClosure() {
          @Override
          public void run(Status status, long index, byte[] context) {
            complete(caughtUp, status);
          }
        };
    try {
      node.readIndex(new byte[0], done);
    } catch (RuntimeException e) {
      // The library throws when it is closing or its queue is full.
      caughtUp.completeExceptionally(
          new RatchetException(ErrorCode.UNAVAILABLE, "the store's log answers no read: " + e));
    }
    return caughtUp;
  }

  /** Raft addresses of the members that vote; empty unless this member leads. */
  public Set<HostPort> voters() {
    return leaderTerm() == 0 ? Set.of() : addresses(node::listPeers);
  }

  /** Those of them that have answered lately, this one too; empty unless this member leads. */
  public Set<HostPort> livingVoters() {
    return leaderTerm() == 0 ? Set.of() : addresses(node::listAlivePeers);
  }

  private static Set<HostPort> addresses(Supplier<List<PeerId>> peers) {
    try {
      Set<HostPort> addresses = new LinkedHashSet<>();
      peers.get().forEach(peer -> addresses.add(new HostPort(peer.getIp(), peer.getPort())));
      return addresses;
    } catch (IllegalStateException e) {
      // The library's way to say that another member leads by now.
      return Set.of();
    }
  }

  /**
   * Makes a member a voter, if this one leads: done when it has caught up and the change is
   * committed. One change of voters at a time.
   */
  public CompletableFuture<Void> addVoter(HostPort address) {
    CompletableFuture<Void> added = new CompletableFuture<>();
    node.addPeer(RaftNodeOptions.peer(address), status -> complete(added, status));
    return added;
  }

  /** Takes a voter out, if this member leads: done when the change is committed. */
  public CompletableFuture<Void> removeVoter(HostPort address) {
    CompletableFuture<Void> removed = new CompletableFuture<>();
    node.removePeer(RaftNodeOptions.peer(address), status -> complete(removed, status));
    return removed;
  }

  /**
   * Begins to hand leadership to another voter, if this member leads.
   *
   * @return why it can't, or null: then it is under way, and may yet come to nothing
   */
  public @Nullable String transferTo(HostPort address) {
    Status status = node.transferLeadershipTo(RaftNodeOptions.peer(address));
    return status.isOk() ? null : String.valueOf(status);
  }

  /** Writes a snapshot now; the log before the one before it is dropped. */
  public CompletableFuture<Void> snapshot() {
    CompletableFuture<Void> written = new CompletableFuture<>();
    node.snapshot(status -> complete(written, status));
    return written;
  }

  private static void complete(CompletableFuture<Void> future, Status status) {
    if (status.isOk()) {
      future.complete(null);
    } else {
      future.completeExceptionally(
          new RatchetException(ErrorCode.UNAVAILABLE, String.valueOf(status)));
    }
  }

  /** The options in use. */
  NodeOptions options() {
    return options;
  }

  /** Leaves the group's calls and closes the log; a leader hands over first. */
  @Override
  public void close() {
    node.shutdown();
    try {
      node.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    timer.shutdownNow();
    inFlight.giveUpAll();
    server.close();
    snapshotWorker.shutdown();
    NodeManager.getInstance().removeAddress(self.getEndpoint());
  }
}
