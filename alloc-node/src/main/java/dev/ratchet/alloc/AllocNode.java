package dev.ratchet.alloc;

import dev.ratchet.alloc.store.StoreCalls;
import dev.ratchet.alloc.store.StoreLink;
import dev.ratchet.proto.message.HelloReply;
import dev.ratchet.proto.message.RegisterRequest;
import dev.ratchet.proto.rpc.Call;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.DirectOwner;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RoutesHandler;
import dev.ratchet.proto.rpc.RpcHandler;
import dev.ratchet.proto.rpc.RpcServer;
import dev.ratchet.proto.time.MonotonicClock;
import dev.ratchet.proto.time.SuspendAwareClock;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An allocation node: keeps a lease with the store, holds the sections granted to it, and serves
 * numbers from memory. It keeps nothing on disk. Calls are served on event loops; everything about
 * ownership happens on one control thread.
 */
public final class AllocNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AllocNode.class);

  /**
   * How long a stop waits for the store to take the sections back: a few seconds where it can at
   * all. The process must have time to end after that.
   */
  private static final int RELEASE_MILLIS = 8_000;

  private static final int FORWARD_MILLIS = 2_500;

  private final AllocConfig config;
  private final EventLoops loops;
  private final ControlThread control;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final StoreLink storeLink;
  private final AllocEngine engine;
  private final RpcServer server;

  private AllocNode(AllocConfig config, MonotonicClock clock, EventLoops loops) throws IOException {
    this.config = config;
    this.loops = loops;
    control = new ControlThread(config.node() + "-control");
    storeLink = new StoreLink(loops, config.stores());
    engine =
        new AllocEngine(
            config,
            new AllocEngine.Surroundings(
                new StoreCalls(storeLink),
                control,
                loops.group(),
                clock,
                new SecureRandom()::nextLong),
            this::registration);
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
    return start(config, meters, SuspendAwareClock.ofThisMachine());
  }

  /** As {@link #start(AllocConfig, MeterRegistry)}, with a clock to decide the lease by. */
  public static AllocNode start(AllocConfig config, MeterRegistry meters, MonotonicClock clock)
      throws IOException {
    check(config);
    return startOn(new EventLoops(config.node() + "-io", config.threads()), config, meters, clock);
  }

  /**
   * As {@link #start(AllocConfig, MeterRegistry)}, on event loops of another owner, who closes them
   * after the node; what runs on them may use {@link #direct}.
   */
  public static AllocNode start(AllocConfig config, MeterRegistry meters, EventLoops loops)
      throws IOException {
    check(config);
    return startOn(loops.lent(), config, meters, SuspendAwareClock.ofThisMachine());
  }

  private static void check(AllocConfig config) {
    List<String> problems = config.validate();
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  private static AllocNode startOn(
      EventLoops loops, AllocConfig config, MeterRegistry meters, MonotonicClock clock)
      throws IOException {
    AllocNode node = new AllocNode(config, clock, loops);
    AllocEngine engine = node.engine;
    engine.metrics(config.node()).bind(meters, engine::leaseLeftSeconds, engine::sections);
    new Rehearsal(node.loops, node.control, clock)
        .run(new HostPort(config.listen().host(), node.server.port()));
    engine.start();
    return node;
  }

  private RpcServer bind() throws IOException {
    HelloReply hello =
        new HelloReply(
            "alloc",
            config.node(),
            config.zone(),
            Objects.requireNonNullElse(getClass().getPackage().getImplementationVersion(), "dev"));
    RpcServer.Builder calls = RpcServer.builder(engine.routes()::version);
    Calls.ADMIN.forEach(call -> relay(calls, call));
    return calls
        .on(Calls.HELLO, (request, context) -> context.reply(hello))
        .on(Calls.ISSUE, engine.quick(), engine.issue())
        .on(Calls.ROUTES, new RoutesHandler(engine.routes()))
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

  /** The address callers reach this node at. */
  public HostPort address() {
    return new HostPort(config.advertiseHost(), server.port());
  }

  /** Serves callers of this process, on the event loops that the node was given. */
  public DirectOwner direct() {
    return engine.direct();
  }

  /** Whether the node holds a valid lease and is not about to stop. */
  public boolean isReady() {
    return health().isEmpty();
  }

  /** Empty when the node is ready, else why it is not. */
  public String health() {
    return closing.get() ? "the node is shutting down" : engine.health();
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
    control.execute(() -> engine.giveAllBack().thenRun(() -> released.complete(null)));
    try {
      released.orTimeout(RELEASE_MILLIS, TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      LOG.warn("{} stops without having given all its sections back", config.node(), e);
    }
    server.close();
    CompletableFuture.runAsync(engine::stop, control).join();
    storeLink.close();
    loops.close();
    control.shutdown();
  }
}
