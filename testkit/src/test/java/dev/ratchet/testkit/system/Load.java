package dev.ratchet.testkit.system;

import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.testkit.system.RespSocket.ErrorReplyException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Redis clients that take numbers of random keys, one after the other, and connect again when they
 * are cut off. Everything they got is kept, by key.
 */
final class Load implements AutoCloseable {
  /** Keys in different sections and namespaces; few, so that clients meet at each of them. */
  static final List<String> KEYS =
      List.of(
          "user:1",
          "user:2",
          "user:100001",
          "user:200001",
          "user:4000000000",
          "plain",
          "default:other",
          "key:7");

  /** What may be said while nodes are lost; anything else is a bug. */
  private static final Set<String> EXPECTED = Set.of("TRYAGAIN", "UNKNOWN", "BUSY");

  private static final Duration PAUSE = Duration.ofMillis(10);

  /** Between a client's calls: the nodes under test need the processors too. */
  private static final Duration PACE = Duration.ofMillis(1);

  private final List<HostPort> routers;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Future<History>> clients = new ArrayList<>();
  private final Map<String, Long> servedAt = new ConcurrentHashMap<>();
  private final Map<String, String> errors = new ConcurrentHashMap<>();
  private volatile boolean over;

  Load(List<HostPort> routers, int count, long seed) {
    this.routers = routers;
    for (int i = 0; i < count; i++) {
      Random random = new Random(seed + i);
      clients.add(threads.submit(() -> run(random)));
    }
  }

  private History run(Random random) {
    History history = new History();
    RespSocket socket = null;
    while (!over) {
      String key = KEYS.get(random.nextInt(KEYS.size()));
      try {
        if (socket == null) {
          socket = new RespSocket(routers.get(random.nextInt(routers.size())));
        }
        long began = System.nanoTime();
        long number = socket.incr(key);
        history.add(key, new History.Issue(number, began, System.nanoTime()));
        servedAt.merge(key, began, Math::max);
        LockSupport.parkNanos(PACE.toNanos());
      } catch (ErrorReplyException e) {
        errors.put(e.prefix(), String.valueOf(e.getMessage()));
        LockSupport.parkNanos(PAUSE.toNanos());
      } catch (IOException e) {
        // Its router is gone, or will be soon; whether a number was taken is unknown.
        socket = closed(socket);
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
    closed(socket);
    return history;
  }

  private @Nullable RespSocket closed(@Nullable RespSocket socket) {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      errors.put("CLOSE", String.valueOf(e));
    }
    return null;
  }

  /** Waits until each key has been served by a call that began from now on. */
  void awaitServed(Duration bound) {
    long from = System.nanoTime();
    Await.until(
        bound,
        () -> {
          List<String> missing =
              KEYS.stream().filter(key -> servedAt.getOrDefault(key, from - 1) < from).toList();
          return missing.isEmpty() ? "" : "no numbers of " + missing + "; errors: " + errors;
        });
  }

  /** When a call began that was answered with a number, the latest there is. */
  long lastServed() {
    return servedAt.values().stream().mapToLong(Long::longValue).max().orElse(Long.MIN_VALUE);
  }

  /** The last error of each first word so far. */
  Map<String, String> errors() {
    return errors;
  }

  /** Ends the clients. All they got; fails on an error that no lost node explains. */
  History finish() {
    over = true;
    History all = new History();
    for (Future<History> client : clients) {
      try {
        all.addAll(client.get(RatchetCommand.BOUND.toSeconds(), TimeUnit.SECONDS));
      } catch (ExecutionException | TimeoutException | InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    if (!EXPECTED.containsAll(errors.keySet())) {
      throw new AssertionError("unexpected errors: " + errors);
    }
    return all;
  }

  @Override
  public String toString() {
    long agoMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastServed());
    return "the last number was asked for " + agoMillis + " ms ago; errors: " + errors;
  }

  @Override
  public void close() {
    over = true;
    threads.shutdownNow();
  }
}
