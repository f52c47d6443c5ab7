package dev.ratchet.store;

import dev.ratchet.proto.message.MemberStatus;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RpcServer;
import dev.ratchet.proto.time.MonotonicClock;
import dev.ratchet.store.disk.DataFolder;
import dev.ratchet.store.disk.HaltAction;
import dev.ratchet.store.disk.NodeIdentity;
import dev.ratchet.store.lead.LeaderDuties;
import dev.ratchet.store.lead.MembershipDuty;
import dev.ratchet.store.lead.Proposer;
import dev.ratchet.store.lead.StoreMachine;
import dev.ratchet.store.member.DiskHandler;
import dev.ratchet.store.member.Entrance;
import dev.ratchet.store.member.MemberBook;
import dev.ratchet.store.member.MemberCalls;
import dev.ratchet.store.member.Peer;
import dev.ratchet.store.placement.LeaseWatch;
import dev.ratchet.store.placement.Orders;
import dev.ratchet.store.raft.RaftGroup;
import dev.ratchet.store.raft.RaftSettings;
import dev.ratchet.store.rocks.RocksTable;
import dev.ratchet.store.rpc.MemberView;
import dev.ratchet.store.rpc.StoreDoor;
import dev.ratchet.store.state.MemberSet;
import dev.ratchet.store.state.StateReader;
import dev.ratchet.store.state.StoreMember;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * One store node: a voter of the Raft group that keeps sections, leases, namespaces and routes, and
 * serves them. Thread-safe.
 */
public final class StoreNode implements AutoCloseable {
  private static final int EVENT_LOOP_THREADS = 2;

  private final StoreConfig config;
  private final Resources resources;
  private final RaftGroup raft;
  private final CatchUp catchUp;
  private final StateReader reader;
  private final MemberBook book;

  private StoreNode(
      StoreConfig config,
      Resources resources,
      RaftGroup raft,
      CatchUp catchUp,
      StateReader reader,
      MemberBook book) {
    this.config = config;
    this.resources = resources;
    this.raft = raft;
    this.catchUp = catchUp;
    this.reader = reader;
    this.book = book;
  }

  /**
   * Starts the node: it serves when this returns, and is {@link #isReady ready} when it has caught
   * up with a leader.
   *
   * @throws IllegalArgumentException that lists everything wrong in the configuration
   * @throws IOException when a port or the data folder can't be used, with the reason
   */
  public static StoreNode start(StoreConfig config, MeterRegistry meters) throws IOException {
    return start(config, meters, waiting -> {});
  }

  /**
   * Starts the node. A first start waits until the other store nodes have said that they know no
   * other disk of this node; one that joins, until the cluster was told to add it.
   *
   * @param waiting told, again and again, what is waited for
   * @throws IllegalArgumentException that lists everything wrong in the configuration
   * @throws IOException when a port or the data folder can't be used, or the others refuse this
   *     node, with the reason and what to do; also when the thread is interrupted while it waits
   */
  public static StoreNode start(StoreConfig config, MeterRegistry meters, Consumer<String> waiting)
      throws IOException {
    return start(config, meters, HaltAction.process(), MonotonicClock.system(), waiting);
  }

  /** Starts a node that halts as it is told: a test lives on. */
  static StoreNode start(
      StoreConfig config,
      MeterRegistry meters,
      HaltAction halt,
      MonotonicClock clock,
      Consumer<String> waiting)
      throws IOException {
    List<String> wrong = config.validate();
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(
          "the store node's configuration is not valid:\n  " + String.join("\n  ", wrong));
    }
    Resources resources = new Resources();
    try {
      return assemble(config, meters, halt, clock, waiting, resources);
    } catch (IOException | RuntimeException e) {
      resources.close();
      throw e;
    }
  }

  private static StoreNode assemble(
      StoreConfig config,
      MeterRegistry meters,
      HaltAction halt,
      MonotonicClock clock,
      Consumer<String> waiting,
      Resources resources)
      throws IOException {
    Member self = config.self();
    DataFolder folder =
        resources.add(
            DataFolder.open(config.data(), NodeIdentity.store(config.cluster(), config.node())));
    MemberBook book = new MemberBook(rpcByRaft(config));
    book.takeFirst(disks(config, folder));
    RouteTable routes = new RouteTable();
    // Closed after Raft: while entries are applied, callers may be answered.
    EventLoops loops =
        resources.add(new EventLoops("store-rpc-" + self.rpc().port(), EVENT_LOOP_THREADS));
    RpcServer server =
        resources.add(
            RpcServer.builder(routes::version)
                .on(Calls.DISK, new DiskHandler(config.cluster(), config.node(), folder, book))
                .bindEarly(loops, self.rpc()));
    Entrance entrance =
        resources.add(new Entrance(folder, config.cluster(), config.node(), peers(config), loops));
    entrance.pass(config.join(), waiting);
    book.takeFirst(disks(config, folder));
    LeaseWatch leases = new LeaseWatch(config.leaseWaitMillis());
    LeaderDuties duties =
        resources.add(
            new LeaderDuties(
                routes,
                leases,
                config.placementSettleMillis(),
                config.movesPerSecond(),
                clock,
                LeaderDuties.newThread("store-duties-" + self.rpc().port())));
    Relay relay = new Relay(duties);
    RocksTable table = resources.add(RocksTable.open(folder.path().resolve("state"), halt));
    StoreMachine machine =
        new StoreMachine(
            table,
            config.cluster(),
            routes,
            book,
            List.of(relay, new StoreMeters(meters, config.node(), routes)));
    duties.readLeasesFrom(machine.reader()::leases);
    duties.readRestoreFrom(machine.reader()::restore);
    duties.readOrdersFrom(() -> Orders.of(machine.reader()));
    RaftGroup raft =
        resources.add(
            RaftGroup.start(
                raftSettings(config, self), folder, machine, relay, halt, clock, meters));
    Proposer proposer = new Proposer(raft, book::rpcOf);
    View view = new View(self, raft);
    CatchUp catchUp = resources.add(new CatchUp(raft));
    MemberCalls memberCalls =
        resources.add(
            new MemberCalls(loops, Entrance.question(folder, config.cluster(), config.node())));
    MembershipDuty membership =
        resources.add(
            new MembershipDuty(
                raft, proposer, book, memberCalls, firstMembers(config), self.raft(), clock));
    StoreDoor door =
        resources.add(
            new StoreDoor(
                new StoreDoor.Parts(
                    config.cluster(),
                    view,
                    () -> others(config, book),
                    raft,
                    book,
                    memberCalls,
                    membership,
                    proposer,
                    duties,
                    routes,
                    machine.reader(),
                    leases,
                    clock,
                    config.suspectMillis(),
                    config.adminToken(),
                    catchUp::isDone),
                server));
    relay.open(door);
    duties.start(proposer);
    catchUp.start();
    membership.start();
    entrance.watch(why -> halt.halt(why, null));
    return new StoreNode(config, resources, raft, catchUp, machine.reader(), book);
  }

  private static RaftSettings raftSettings(StoreConfig config, Member self) {
    return new RaftSettings(
        config.cluster(),
        config.node(),
        self.raft(),
        config.join() ? List.of() : config.members().stream().map(Member::raft).toList(),
        config.data().resolve("raft"),
        config.electionTimeoutMillis(),
        config.electionJitterMillis(),
        config.snapshotIntervalSeconds(),
        config.applyBatch());
  }

  /** Disk ids by node id as of the first start, this node's own among them. */
  private static Map<String, String> disks(StoreConfig config, DataFolder folder)
      throws IOException {
    Map<String, String> disks = new TreeMap<>(folder.peerDisks());
    disks.put(config.node(), folder.disk());
    return disks;
  }

  private static List<Peer> peers(StoreConfig config) {
    return others(config).stream().map(other -> new Peer(other.node(), other.rpc())).toList();
  }

  private static Map<HostPort, HostPort> rpcByRaft(StoreConfig config) {
    return config.members().stream().collect(Collectors.toMap(Member::raft, Member::rpc));
  }

  private static List<MemberView.Other> others(StoreConfig config) {
    return config.members().stream()
        .filter(member -> !member.node().equals(config.node()))
        .map(member -> new MemberView.Other(member.node(), member.zone(), member.rpc()))
        .toList();
  }

  /** The others as the cluster has recorded them, or as they are configured until it has. */
  private static List<MemberView.Other> others(StoreConfig config, MemberBook book) {
    MemberSet recorded = book.recorded();
    return recorded.version() == 0
        ? others(config)
        : recorded.members().stream()
            .filter(member -> !member.node().equals(config.node()))
            .map(member -> new MemberView.Other(member.node(), member.zone(), member.rpc()))
            .toList();
  }

  /** The configured members, whose disks are not known here; none for a node that joins. */
  private static List<StoreMember> firstMembers(StoreConfig config) {
    return config.join()
        ? List.of()
        : config.members().stream()
            .map(m -> new StoreMember(m.node(), m.zone(), m.rpc(), m.raft(), ""))
            .toList();
  }

  /** Where it is called. */
  public HostPort address() {
    return config.self().rpc();
  }

  /** Whether a leader is known, and all that was committed at the start has been applied. */
  public boolean isReady() {
    return catchUp.isDone() && raft.leader() != null;
  }

  /** One line for people: what the node does, how far it is, and what it waits for. */
  public String health() {
    String state =
        "store node '"
            + config.node()
            + "' of cluster '"
            + config.cluster()
            + "': "
            + raft.role()
            + " in term "
            + raft.term()
            + ", applied entry "
            + raft.applied();
    if (raft.leader() == null) {
      MemberSet members = book.recorded();
      boolean isMember = members.version() == 0 || members.member(config.node()) != null;
      return state
          + (isMember
              ? "; no leader is known: a majority of the store nodes must be up"
              : "; it was removed from the cluster: stop it, and empty its data folder");
    }
    return catchUp.isDone() ? state : state + "; catching up with the leader";
  }

  /** This member's group, for tests. */
  RaftGroup raft() {
    return raft;
  }

  /** This member's committed state, for tests. */
  StateReader reader() {
    return reader;
  }

  /** Leaves the cluster's calls in order; a leader hands over first. */
  @Override
  public void close() {
    resources.close();
  }

  /** This node's own status. */
  private record View(Member self, RaftGroup raft) implements MemberView {
    @Override
    public MemberStatus status() {
      return new MemberStatus(
          self.node(),
          self.zone(),
          self.rpc().toString(),
          raft.role(),
          raft.term(),
          raft.applied(),
          0);
    }
  }
}
