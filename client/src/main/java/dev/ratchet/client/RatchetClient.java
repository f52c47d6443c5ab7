package dev.ratchet.client;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.AdminRequest;
import dev.ratchet.proto.message.Empty;
import dev.ratchet.proto.message.NamespaceReply;
import dev.ratchet.proto.message.StatusReply;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.Call;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.DirectOwner;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.time.MonotonicClock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes numbers from a cluster. Asynchronous and thread-safe; one client serves a whole process.
 *
 * <p>Futures fail with {@link RatchetException}, whose code says whether the call certainly did not
 * happen. They complete on the client's event loops: what follows them must not block, or be put on
 * another executor.
 *
 * <p>What is promised: numbers of a key are never repeated; a call that starts after another one
 * returned gets a larger number; this client never shows a number of an older epoch after one of a
 * newer (see {@link #observe} to pass that on between clients). Calls for one key that are under
 * way at the same time may get their numbers in either order.
 *
 * <p>A call to take numbers is tried again within its deadline even when an attempt may have
 * succeeded unseen: the numbers of that attempt are skipped then, and never given to another.
 */
public final class RatchetClient implements AutoCloseable {
  private final ClientConfig config;
  private final MonotonicClock clock = MonotonicClock.system();
  private final RouteTable table = new RouteTable();
  private final EpochFloor floor = new EpochFloor();
  private final AtomicInteger outstanding = new AtomicInteger();
  private final EventLoops loops;
  private final Servers servers;
  private final Dispatcher dispatcher;
  private final ControlCalls control;

  private RatchetClient(ClientConfig config, MeterRegistry registry, EventLoops loops) {
    this.config = config;
    this.loops = loops;
    EventLoop home = loops.group().next();
    ClientMetrics metrics = new ClientMetrics(registry, config.name(), outstanding);
    servers = new Servers(config.servers(), table, loops, this::sawVersion);
    dispatcher =
        new Dispatcher(
            table,
            floor,
            clock,
            metrics,
            outstanding,
            config.maxOutstanding(),
            home,
            new Wiring(loops, home, metrics));
    control = new ControlCalls(servers, table, dispatcher.feed(), clock, home);
  }

  /**
   * A client with threads of its own and no metrics; see {@link #connect(ClientConfig,
   * MeterRegistry)}.
   */
  public static RatchetClient connect(ClientConfig config) {
    return connect(config, new CompositeMeterRegistry());
  }

  /**
   * A client with threads of its own. It connects in the background: calls made before a server was
   * reached wait for it within their deadline.
   *
   * @throws IllegalArgumentException that names every field of the config that is wrong
   */
  public static RatchetClient connect(ClientConfig config, MeterRegistry registry) {
    check(config);
    EventLoops loops = new EventLoops("ratchet-client", config.threads());
    RatchetClient client = new RatchetClient(config, registry, loops);
    client.dispatcher.start();
    return client;
  }

  /** A client on event loops of another owner, who closes them after the client. */
  public static RatchetClient connect(
      ClientConfig config, MeterRegistry registry, EventLoops loops) {
    check(config);
    RatchetClient client = new RatchetClient(config, registry, loops.lent());
    client.dispatcher.start();
    return client;
  }

  private static void check(ClientConfig config) {
    List<String> wrong = config.validate();
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException("client config: " + String.join("; ", wrong));
    }
  }

  private void sawVersion(long version) {
    dispatcher.feed().sawVersion(version);
  }

  /** Takes the next number of a key. */
  public CompletableFuture<Numbers> next(String namespace, String key) {
    return next(namespace, key, 1);
  }

  /** Takes numbers of a key, 1 to {@link Limits#MAX_COUNT}, that follow each other. */
  public CompletableFuture<Numbers> next(String namespace, String key, int count) {
    return next(namespace, utf8(key), count);
  }

  /** Takes numbers of a key of any bytes, 1 to {@link Limits#MAX_COUNT}, that follow each other. */
  public CompletableFuture<Numbers> next(String namespace, byte[] key, int count) {
    if (count < 1) {
      return CompletableFuture.failedFuture(Dispatcher.invalidCount(count));
    }
    var call =
        new FutureCall<>(namespace, key, count, c -> new Numbers(c.value(), count, c.epoch()));
    submit(call);
    return call.future();
  }

  /** Reads the last number issued for a key. */
  public CompletableFuture<Current> current(String namespace, String key) {
    return current(namespace, utf8(key));
  }

  /** Reads the last number issued for a key of any bytes. */
  public CompletableFuture<Current> current(String namespace, byte[] key) {
    var call =
        new FutureCall<>(
            namespace, key, 0, c -> new Current(c.value(), c.isUpperBound(), c.epoch()));
    submit(call);
    return call.future();
  }

  /**
   * Takes the next number of each key, at most {@link Limits#MAX_BATCH}; keys of one owner travel
   * together. The results are in the order of the keys; a key that occurs twice gets two numbers,
   * in either order. Fails as a whole with the error of the first key that failed; numbers that
   * other keys got are skipped then.
   */
  public CompletableFuture<List<Numbers>> nextAll(String namespace, List<String> keys) {
    if (keys.size() > Limits.MAX_BATCH) {
      return CompletableFuture.failedFuture(
          new RatchetException(
              ErrorCode.INVALID_ARGUMENT,
              "a batch has at most " + Limits.MAX_BATCH + " keys; this one has " + keys.size()));
    }
    if (keys.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    NextAll batch = new NextAll(namespace, keys);
    submitAll(batch.calls(), deadline(config.timeoutMillis()));
    return batch.future();
  }

  /** Puts a call under way with the config's deadline. */
  public void submit(SequenceCall call) {
    dispatcher.submit(call, deadline(config.timeoutMillis()));
  }

  /** Puts a call under way; the deadline is a time of {@link System#nanoTime}. */
  public void submit(SequenceCall call, long deadlineNanos) {
    dispatcher.submit(call, deadlineNanos);
  }

  /** Puts calls under way, those to one owner together as far as a batch allows. */
  public void submitAll(List<? extends SequenceCall> calls, long deadlineNanos) {
    dispatcher.submitAll(calls, deadlineNanos);
  }

  /**
   * Takes over what another client knows: from now on, no answer for the key's section of an epoch
   * below this one is let through. To be called with the epoch that came with a number which this
   * process was told of. Does nothing while the namespace is not known here. An epoch that was
   * never granted makes calls to the section fail.
   */
  public void observe(String namespace, String key, long epoch) {
    Namespace known = table.namespace(namespace);
    if (known != null) {
      floor.accept(known, known.sectionOf(known.keyOf(utf8(key))), epoch);
    }
  }

  /** All namespaces, as the store has them. */
  public CompletableFuture<List<Namespace>> namespaces() {
    return control
        .call(Calls.NAMESPACE_LIST, new Empty(), deadline(config.timeoutMillis()))
        .thenApply(NamespaceReply::namespaces);
  }

  /**
   * Creates a namespace, and returns it with its id. Fails with {@link ErrorCode#NAMESPACE_EXISTS}
   * if there is another one of that name.
   */
  public CompletableFuture<Namespace> createNamespace(Namespace namespace) {
    try {
      namespace.validate();
    } catch (RatchetException invalid) {
      return CompletableFuture.failedFuture(invalid);
    }
    return control.create(namespace, deadline(config.timeoutMillis()));
  }

  /** State of the cluster, as the store's leader sees it. */
  public CompletableFuture<StatusReply> status() {
    return control.call(Calls.STATUS, new Empty(), deadline(config.timeoutMillis()));
  }

  /**
   * An operator's call, one of {@link Calls#ADMIN}, to the store's leader. Tried again while its
   * errors say that this may help, within the client's timeout: all of them may be repeated.
   */
  public <Q extends AdminRequest, R> CompletableFuture<R> admin(Call<Q, R> call, Q request) {
    return control.call(call, request, deadline(config.timeoutMillis()));
  }

  /** A way to owners in this process, for one caller. */
  public DirectCalls direct(List<DirectOwner> owners) {
    return new DirectCalls(table, floor, owners);
  }

  /** The routes, kept fresh. For reading. */
  public RouteTable routes() {
    return table;
  }

  /** Calls under way. */
  public int outstanding() {
    return outstanding.get();
  }

  /** Fails calls under way, and closes every connection. */
  @Override
  public void close() {
    dispatcher.close();
    servers.close();
    loops.close();
  }

  private long deadline(int millis) {
    return clock.nanos() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private static byte[] utf8(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  /** Makes the parts of the dispatcher. */
  private final class Wiring implements Dispatcher.Parts {
    private final EventLoops loops;
    private final EventLoop home;
    private final ClientMetrics metrics;

    Wiring(EventLoops loops, EventLoop home, ClientMetrics metrics) {
      this.loops = loops;
      this.home = home;
      this.metrics = metrics;
    }

    @Override
    public RouteFeed feed(Runnable refreshed) {
      return new RouteFeed(table, servers, home, clock, refreshed);
    }

    @Override
    public Destination destination(Link.Outcome outcome) {
      Link.Surroundings around =
          new Link.Surroundings(
              clock,
              metrics,
              outcome,
              table::version,
              RatchetClient.this::sawVersion,
              TimeUnit.MILLISECONDS.toNanos(config.stallMillis()));
      return config.viaRouter()
          ? new Routers(config.servers(), config.timeoutMillis(), loops.group(), around)
          : new Owners(table, floor, loops.group(), around);
    }
  }
}
