package dev.ratchet.alloc;

import dev.ratchet.alloc.handover.GrantFeed;
import dev.ratchet.alloc.handover.Releaser;
import dev.ratchet.alloc.handover.RouteFeed;
import dev.ratchet.alloc.lease.LeaseKeeper;
import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.alloc.rpc.IssueHandler;
import dev.ratchet.alloc.section.CounterMemory;
import dev.ratchet.alloc.section.Quiescence;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.alloc.store.StoreCalls;
import dev.ratchet.alloc.store.StoreLink;
import dev.ratchet.alloc.window.Raiser;
import dev.ratchet.alloc.window.SectionExit;
import dev.ratchet.alloc.window.WaitingRoom;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.message.HelloReply;
import dev.ratchet.proto.message.RegisterRequest;
import dev.ratchet.proto.message.RenewReply;
import dev.ratchet.proto.message.SectionRef;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.Call;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RoutesHandler;
import dev.ratchet.proto.rpc.RpcHandler;
import dev.ratchet.proto.rpc.RpcServer;
import dev.ratchet.proto.time.MonotonicClock;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An allocation node: keeps a lease with the store, holds the sections granted to it, and serves
 * numbers from memory. It keeps nothing on disk. Calls are served on event loops; everything about
 * ownership happens on one control thread.
 */
public final class AllocNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AllocNode.class);

  private static final int RELEASE_MILLIS = 5_000;
  private static final int FORWARD_MILLIS = 2_500;
  private static final int SWEEP_MILLIS = 10;

  private final AllocConfig config;
  private final MonotonicClock clock;
  private final EventLoops loops;
  private final ControlThread control;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final RouteTable routes = new RouteTable();
  private final CounterMemory memory;
  private final WaitingRoom waitingRoom;
  private final StoreLink storeLink;
  private final StoreCalls store;
  private final SectionExit exit;
  private final Raiser raiser;
  private final Releaser releaser;
  private final RouteFeed routeFeed;
  private final LeaseKeeper keeper;
  private final IssueHandler issueHandler;
  private final RpcServer server;

  /** Confined to the control thread. */
  private @Nullable GrantFeed grants;

  private AllocNode(AllocConfig config, MonotonicClock clock) throws IOException {
    this.config = config;
    this.clock = clock;
    loops = new EventLoops(config.node() + "-io", config.threads());
    control = new ControlThread(config.node() + "-control");
    memory = new CounterMemory(config.counterMemoryBytes());
    waitingRoom = new WaitingRoom(config.maxWaitingCalls());
    storeLink = new StoreLink(loops, config.stores());
    store = new StoreCalls(storeLink);
    Quiescence quiescence = new Quiescence(loops.group(), control);
    exit = new SectionExit(waitingRoom, quiescence);
    raiser = new Raiser(store::raise, control, waitingRoom, exit, this::lost);
    releaser = new Releaser(store::release, quiescence, waitingRoom, exit, control, this::lost);
    routeFeed = new RouteFeed(store::routes, routes, control);
    issueHandler =
        new IssueHandler(this::tenure, routes, raiser, waitingRoom, clock, config.maxWaitMillis());
    keeper =
        new LeaseKeeper(
            store,
            this::registration,
            new SecureRandom()::nextLong,
            config.renewMillis(),
            control,
            clock,
            this::begin,
            this::end,
            this::renewed);
    try {
      server = bind(); // last: calls may come at once
    } catch (IOException e) {
      control.shutdownNow();
      loops.close();
      throw e;
    }
  }

  /**
   * Starts a node; it serves once the store has granted it sections.
   *
   * @throws IOException if the port can't be bound
   * @throws IllegalArgumentException with all that is wrong with the configuration
   */
  public static AllocNode start(AllocConfig config, MeterRegistry meters) throws IOException {
    return start(config, meters, MonotonicClock.system());
  }

  /** As {@link #start(AllocConfig, MeterRegistry)}, with a clock to decide the lease by. */
  public static AllocNode start(AllocConfig config, MeterRegistry meters, MonotonicClock clock)
      throws IOException {
    List<String> problems = config.validate();
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    AllocNode node = new AllocNode(config, clock);
    new AllocMetrics(
            node.config.node(), node.raiser, node.waitingRoom, node.issueHandler, node.memory)
        .bind(meters, node::leaseLeftSeconds, node::sections);
    node.control.execute(node.routeFeed::start);
    node.control.scheduleAtFixedRate(
        () -> node.waitingRoom.expire(clock.nanos()),
        SWEEP_MILLIS,
        SWEEP_MILLIS,
        TimeUnit.MILLISECONDS);
    node.keeper.start();
    return node;
  }

  private RpcServer bind() throws IOException {
    HelloReply hello =
        new HelloReply(
            "alloc",
            config.node(),
            config.zone(),
            Objects.requireNonNullElse(getClass().getPackage().getImplementationVersion(), "dev"));
    RpcServer.Builder calls = RpcServer.builder(routes::version);
    Calls.ADMIN.forEach(call -> relay(calls, call));
    return calls
        .on(Calls.HELLO, (request, context) -> context.reply(hello))
        .on(Calls.ISSUE, issueHandler)
        .on(Calls.ROUTES, new RoutesHandler(routes))
        .on(Calls.NAMESPACE_CREATE, toStore(Calls.NAMESPACE_CREATE))
        .on(Calls.NAMESPACE_LIST, toStore(Calls.NAMESPACE_LIST))
        .on(Calls.STATUS, toStore(Calls.STATUS))
        .bind(loops, config.listen());
  }

  private <Q, R> void relay(RpcServer.Builder calls, Call<Q, R> call) {
    calls.on(call, toStore(call));
  }

  private <Q, R> RpcHandler<Q, R> toStore(Call<Q, R> call) {
    return (request, context) ->
        context.answer(storeLink.callLeader(call, request, FORWARD_MILLIS));
  }

  private RegisterRequest registration(long process) {
    return new RegisterRequest(
        config.node(),
        config.zone(),
        config.advertiseHost(),
        server.port(),
        process,
        config.holderMillis());
  }

  private @Nullable Tenure tenure() {
    return keeper.current();
  }

  private void begin(Tenure tenure) {
    grants = new GrantFeed(store, tenure, routes::namespace, memory, exit, control);
    grants.start();
  }

  private void end(Tenure tenure) {
    exit.leave(tenure, tenure.sections().all(), ErrorCode.LEASE_LOST, "the node's lease is over");
  }

  private void lost(Tenure tenure) {
    keeper.lost(tenure);
  }

  private void renewed(Tenure tenure, RenewReply reply) {
    List<Section> unwanted =
        reply.release().stream()
            .map((SectionRef ref) -> tenure.sections().get(ref.namespaceId(), ref.section()))
            .filter(section -> section != null && section.isOpen())
            .map(Objects::requireNonNull)
            .toList();
    if (!unwanted.isEmpty()) {
      releaser.release(tenure, unwanted, false);
    }
  }

  /** The address callers reach this node at. */
  public HostPort address() {
    return new HostPort(config.advertiseHost(), server.port());
  }

  /** Whether the node holds a valid lease and is not about to stop. */
  public boolean isReady() {
    return health().isEmpty();
  }

  /** Empty when the node is ready, else why it is not. */
  public String health() {
    return closing.get() ? "the node is shutting down" : keeper.health();
  }

  private double leaseLeftSeconds() {
    Tenure tenure = tenure();
    return tenure == null ? 0 : Math.max(0, tenure.lease().leftNanos(clock.nanos()) / 1e9);
  }

  private int sections() {
    Tenure tenure = tenure();
    return tenure == null ? 0 : tenure.sections().size();
  }

  /**
   * Gives all sections back with their exact positions, then stops. Takes a few seconds at most;
   * the second time nothing.
   */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    CompletableFuture<Void> released = new CompletableFuture<>();
    control.execute(() -> giveAllBack().thenRun(() -> released.complete(null)));
    try {
      released.orTimeout(RELEASE_MILLIS, TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      LOG.warn("{} stops without having given all its sections back", config.node(), e);
    }
    server.close();
    CompletableFuture.runAsync(this::stop, control).join();
    storeLink.close();
    loops.close();
    control.shutdown();
  }

  /** Completed on the control thread, where the lease is given up in the same turn. */
  private CompletableFuture<Void> giveAllBack() {
    CompletableFuture<Void> known = keeper.leave();
    Tenure tenure = tenure();
    GrantFeed feed = grants;
    if (tenure == null || feed == null) {
      return CompletableFuture.completedFuture(null);
    }
    // Only once nothing more can be granted, and all that was is here, does a release give back
    // all.
    return known
        .thenCompose(left -> feed.catchUp())
        .thenCompose(all -> releaseAll(tenure, feed))
        .thenRun(this::stop);
  }

  private CompletableFuture<Void> releaseAll(Tenure tenure, GrantFeed feed) {
    // With the lease given up, others may go on at once: nothing may be served beside them.
    feed.close();
    return releaser.release(tenure, tenure.sections().all(), true);
  }

  private void stop() {
    routeFeed.close();
    keeper.close();
  }
}
