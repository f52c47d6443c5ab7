package dev.ratchet.testkit.system;

import dev.ratchet.client.ClientConfig;
import dev.ratchet.client.Numbers;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.rpc.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One Java client that routes by itself, and is never closed while it works: it keeps routes and
 * floors over whatever happens to the cluster. It takes blocks of numbers, one call after the
 * other.
 */
final class LiveClient implements AutoCloseable {
  static final List<String> USERS = List.of("1", "2", "100001");

  /** Numbers a call: so many that ceilings move fast. */
  static final int BLOCK = 500;

  private static final Duration PAUSE = Duration.ofMillis(20);

  private final RatchetClient client;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final Future<History> work;
  private final AtomicLong lastServed = new AtomicLong(Long.MIN_VALUE);
  private final AtomicLong largest = new AtomicLong();
  private volatile String lastError = "";
  private volatile boolean over;

  LiveClient(HostPort server) {
    client = RatchetClient.connect(ClientConfig.of(List.of(server)).withTimeoutMillis(500));
    work = thread.submit(this::run);
  }

  private History run() throws InterruptedException {
    History history = new History();
    for (int turn = 0; !over; turn++) {
      String user = USERS.get(turn % USERS.size());
      long began = System.nanoTime();
      try {
        Numbers numbers = client.next("user", user, BLOCK).get();
        long ended = System.nanoTime();
        for (int i = 0; i < BLOCK; i++) {
          history.add("user:" + user, new History.Issue(numbers.first() + i, began, ended));
        }
        largest.accumulateAndGet(numbers.first(), Math::max);
        lastServed.set(began);
      } catch (ExecutionException e) {
        RatchetException error = RatchetException.of(e);
        lastError = error.getMessage();
        if (!error.code().isRetryable()) {
          throw new AssertionError("a live client met " + error, error);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
    return history;
  }

  /** Waits until a call that began from now on was served. */
  void awaitServed(Duration bound) {
    long from = System.nanoTime();
    Await.until(
        bound,
        () -> {
          if (work.isDone()) {
            var unused = finish();
          }
          return lastServed.get() >= from ? "" : "no numbers; the last error: " + lastError;
        });
  }

  /** The largest number taken so far. */
  long largest() {
    return largest.get();
  }

  History finish() {
    over = true;
    try {
      return work.get(RatchetCommand.BOUND.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    over = true;
    thread.shutdownNow();
    client.close();
  }
}
