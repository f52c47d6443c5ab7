package dev.ratchet.testkit.sim;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.IssueItem;
import dev.ratchet.proto.message.IssueReply;
import dev.ratchet.proto.message.IssueRequest;
import dev.ratchet.proto.message.IssueResult;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.RoutesRequest;
import dev.ratchet.proto.route.Route;
import dev.ratchet.proto.route.RouteTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client process with some callers: keeps routes and a floor for each section, tries again what
 * may be tried again until the deadline, and drops what comes under an epoch below the floor. A
 * model of the production client, whose code is bound to sockets.
 */
final class SimClient {
  private static final long DEADLINE = TimeUnit.SECONDS.toNanos(10);
  private static final long FIRST_BACKOFF = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long MAX_BACKOFF = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int POLL_MILLIS = 1_000;

  private final World world;
  private final SimScheduler scheduler;
  private final SimProcess process;
  private final SplittableRandom random;
  private final RouteTable table = new RouteTable();
  private final Map<Long, Long> floor = new HashMap<>();
  private final List<SimCall> waiting = new ArrayList<>();

  /** Whether routes are asked for now and then only, so that they are stale most of the time. */
  private final boolean stale;

  private boolean calling = true;
  private long failed;
  private long dropped;
  private long retried;

  SimClient(World world, SimProcess process) {
    this.world = world;
    this.scheduler = world.scheduler();
    this.process = process;
    this.random = scheduler.random("client " + process.name());
    this.stale = random.nextInt(3) == 0;
    table.onChange(this::routesChanged);
  }

  /** A call for numbers of one key. */
  static final class SimCall {
    private final int namespaceId;
    private final int section;
    private final long key;
    private final int count;
    private final long startedAt;
    private final Runnable done;
    private long triedEpoch = -1;
    private int attempt;
    private int failures;
    private boolean over;

    SimCall(Namespace namespace, long key, int count, long startedAt, Runnable done) {
      this.namespaceId = namespace.id();
      this.section = namespace.sectionOf(key);
      this.key = key;
      this.count = count;
      this.startedAt = startedAt;
      this.done = done;
    }

    int namespaceId() {
      return namespaceId;
    }

    int section() {
      return section;
    }

    long key() {
      return key;
    }

    int count() {
      return count;
    }

    long startedAt() {
      return startedAt;
    }

    private long sectionId() {
      return ((long) namespaceId << 32) + section;
    }
  }

  int index() {
    return process.index();
  }

  SimProcess process() {
    return process;
  }

  /** Calls that failed for their callers. */
  long failed() {
    return failed;
  }

  /** Answers that came under an epoch below the floor. */
  long dropped() {
    return dropped;
  }

  long retried() {
    return retried;
  }

  void start() {
    process.start();
    poll();
    for (int i = 0; i < world.settings().sessions(); i++) {
      think();
    }
  }

  /** Begins no calls any more. */
  void stopCalling() {
    calling = false;
  }

  // Callers.

  private void think() {
    double mean = world.settings().thinkMillis() * 1e6;
    scheduler.after(
        (long) (-Math.log(1 - random.nextDouble()) * mean), "call", process, this::callOrBatch);
  }

  private void callOrBatch() {
    if (!calling) {
      return;
    }
    List<Namespace> known = new ArrayList<>(table.namespaces());
    known.sort(java.util.Comparator.comparingInt(Namespace::id));
    if (known.isEmpty()) {
      think();
      return;
    }
    int size = random.nextInt(8) == 0 ? 2 + random.nextInt(3) : 1;
    int[] left = {size};
    Runnable done =
        () -> {
          if (--left[0] == 0) {
            think();
          }
        };
    List<SimCall> calls = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Namespace namespace = known.get(random.nextInt(known.size()));
      int count = random.nextInt(6) == 0 ? 0 : 1 + random.nextInt(Settings.MAX_COUNT);
      calls.add(new SimCall(namespace, someKey(namespace), count, scheduler.now(), done));
    }
    attempt(calls);
  }

  private long someKey(Namespace namespace) {
    int most = world.settings().keys();
    // Few of the keys get most of the calls.
    int chosen = random.nextInt(2) == 0 ? random.nextInt(1 + most / 8) : random.nextInt(most);
    return namespace.sectionSize() > 0
        ? ((chosen * 0x9E3779B97F4A7C15L) >>> 1) % (namespace.maxUid() + 1)
        : chosen * 0x9E3779B97F4A7C15L;
  }

  /** One call for each section of all namespaces known, to see that all are served. */
  void probe(Namespace namespace, int section, Runnable served) {
    long key = namespace.sectionSize() > 0 ? section * namespace.sectionSize() : (long) section;
    attempt(List.of(new SimCall(namespace, key, 1, scheduler.now(), served)));
  }

  // Attempts.

  /** Sends calls to their owners, those to one owner together; who has none waits. */
  private void attempt(List<SimCall> calls) {
    Map<Integer, List<SimCall>> byPort = new LinkedHashMap<>();
    for (SimCall call : calls) {
      if (call.over) {
        continue;
      }
      if (scheduler.now() - call.startedAt >= DEADLINE) {
        fail(call);
        continue;
      }
      call.attempt++;
      Route route = table.route(call.namespaceId, call.section);
      OwnerInfo owner = route == null ? null : route.owner();
      if (route == null || owner == null || route.epoch() < floorOf(call)) {
        await(call, route);
      } else {
        call.triedEpoch = route.epoch();
        byPort.computeIfAbsent(owner.port(), port -> new ArrayList<>()).add(call);
      }
    }
    byPort.forEach(this::send);
  }

  private void await(SimCall call, @Nullable Route route) {
    call.triedEpoch = route == null ? -1 : route.epoch();
    waiting.add(call);
    wakeAfter(call, MAX_BACKOFF);
  }

  private void wakeAfter(SimCall call, long nanos) {
    int attempt = call.attempt;
    scheduler.after(
        nanos,
        "again",
        process,
        () -> {
          if (call.attempt == attempt && !call.over) {
            waiting.remove(call);
            attempt(List.of(call));
          }
        });
  }

  private long floorOf(SimCall call) {
    return world.sabotage().mutation() == Mutation.NO_FLOOR
        ? 0
        : floor.getOrDefault(call.sectionId(), 0L);
  }

  private void routesChanged() {
    List<SimCall> ready = List.copyOf(waiting);
    waiting.clear();
    if (!ready.isEmpty()) {
      scheduler.after(1_000, "routes", process, () -> attempt(ready));
    }
  }

  private void send(int port, List<SimCall> calls) {
    SimAlloc owner = world.allocs().get(port - 1);
    List<IssueItem> items = new ArrayList<>();
    int[] attempts = new int[calls.size()];
    for (int i = 0; i < attempts.length; i++) {
      SimCall call = calls.get(i);
      attempts[i] = call.attempt;
      items.add(new IssueItem(call.namespaceId, call.key, call.count, call.triedEpoch));
    }
    boolean patient = world.settings().isGraceful() || random.nextInt(8) > 0;
    int timeout = patient ? 500 + random.nextInt(2_000) : 1 + random.nextInt(100);
    IssueRequest request = new IssueRequest(items, timeout);
    long version = table.version();
    long millis = random.nextInt(4) == 0 ? 3_000 : 400 + random.nextInt(600);
    world
        .network()
        .<IssueReply>call(
            process,
            owner.process(),
            "issue",
            millis,
            false,
            reply -> owner.issue(request, version, reply))
        .whenComplete(
            (reply, failure) ->
                scheduler.guard(
                    () -> ended(calls, attempts, failure == null ? reply : null, failure)));
  }

  private void ended(
      List<SimCall> calls,
      int[] attempts,
      @Nullable IssueReply reply,
      @Nullable Throwable failure) {
    if (reply != null) {
      reply.routes().forEach(this::take);
    }
    for (int i = 0; i < attempts.length; i++) {
      SimCall call = calls.get(i);
      if (call.attempt != attempts[i] || call.over) {
        continue; // an attempt that was given up
      }
      if (reply != null) {
        answered(call, reply.results().get(i));
      } else {
        attemptFailed(
            call,
            RatchetException.of(failure == null ? new IllegalStateException() : failure).code());
      }
    }
  }

  private void take(RouteDelta delta) {
    if (delta.version() > table.version()) {
      table.apply(delta);
    }
  }

  private void answered(SimCall call, IssueResult result) {
    if (result.error() != 0) {
      attemptFailed(call, ErrorCode.of(result.error()));
      return;
    }
    scheduler.note(
        () ->
            process
                + " hears of key "
                + call.namespaceId
                + "/"
                + call.key
                + ", asked in epoch "
                + call.triedEpoch
                + " as attempt "
                + call.attempt
                + ": "
                + result);
    if (result.epoch() < floorOf(call)) {
      dropped++;
      attemptFailed(call, ErrorCode.UNKNOWN_OUTCOME);
      return;
    }
    floor.merge(call.sectionId(), result.epoch(), Math::max);
    call.over = true;
    world.checker().answered(this, call, result);
    call.done.run();
  }

  private void attemptFailed(SimCall call, ErrorCode code) {
    if (code == ErrorCode.INTERNAL) {
      throw new AssertionError("a server failed on a call");
    }
    call.failures++;
    if (!code.isRetryable()) {
      fail(call);
      return;
    }
    retried++;
    Route route = table.route(call.namespaceId, call.section);
    if (route != null && route.owner() != null && route.epoch() > call.triedEpoch) {
      attempt(List.of(call));
      return;
    }
    long backoff = Math.min(FIRST_BACKOFF << Math.min(call.failures - 1, 6), MAX_BACKOFF);
    wakeAfter(call, backoff - (long) (random.nextDouble() * backoff / 2));
  }

  private void fail(SimCall call) {
    failed++;
    call.over = true;
    call.done.run();
  }

  // Routes.

  private void poll() {
    long version = table.version();
    int wait = stale ? 0 : POLL_MILLIS;
    RoutesRequest request = new RoutesRequest(version, wait);
    int servers = world.stores().size() + world.allocs().size();
    int chosen = random.nextInt(servers);
    SimNetwork.Service<RouteDelta> service;
    SimProcess server;
    if (chosen < world.stores().size()) {
      SimStore store = world.stores().get(chosen);
      server = store.process();
      service = reply -> store.door().routes(request, reply);
    } else {
      SimAlloc alloc = world.allocs().get(chosen - world.stores().size());
      server = alloc.process();
      service = reply -> alloc.routes(request, reply);
    }
    world
        .network()
        .call(process, server, "routes", 500 + wait, false, service)
        .whenComplete(
            (delta, failure) -> {
              if (failure == null) {
                take(delta);
              }
              boolean useful = failure == null && delta.version() >= version;
              long pause = stale ? 200 + random.nextInt(1_500) : useful ? 0 : 20;
              scheduler.after(TimeUnit.MILLISECONDS.toNanos(pause), "poll", process, this::poll);
            });
  }
}
