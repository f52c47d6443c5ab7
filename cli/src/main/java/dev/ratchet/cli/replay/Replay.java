package dev.ratchet.cli.replay;

import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.RatchetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One run: each message takes the next number of its target, the log once or several times over,
 * with a bounded number of calls in flight. A call that fails is not made again: its number may
 * have been used up. Use once.
 *
 * <p>Concurrency: one thread sends; completions come on client threads and write their own slot
 * only; the sender reads the slots after it has taken back every permit.
 */
final class Replay {
  /** After so many failed calls the run is given up. */
  static final int MAX_FAILURES = 100;

  private static final long MAX_LATENCY_NANOS = 3_600_000_000_000L;

  private final RatchetClient client;
  private final String namespace;
  private final MessageLog log;
  private final int inFlight;
  private final int rate;

  /** Orders every call and return of the run: less means earlier. */
  private final AtomicLong moments = new AtomicLong();

  private final @Nullable Issued[] issued;
  private final long[] latencies;
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicReference<@Nullable RatchetException> firstFailure = new AtomicReference<>();

  /**
   * {@code times}: how often the log is replayed, without a pause between; {@code rate}: most calls
   * a second, 0 for as many as possible.
   */
  Replay(
      RatchetClient client, String namespace, MessageLog log, int inFlight, int times, int rate) {
    this.rate = rate;
    this.client = client;
    this.namespace = namespace;
    this.log = log;
    this.inFlight = inFlight;
    this.issued = new Issued[Math.multiplyExact(log.messages().size(), times)];
    this.latencies = new long[issued.length];
  }

  /**
   * What came of a run.
   *
   * @param history every call that got its number
   * @param nanos how long it took
   * @param latency of those calls, in nanoseconds
   * @param failures calls that failed
   * @param firstFailure what the first of them failed with
   */
  record Outcome(
      List<Issued> history,
      long nanos,
      Histogram latency,
      int failures,
      @Nullable RatchetException firstFailure) {}

  /** Replays the log; {@code progress} is told how many calls are done, from this thread. */
  Outcome run(Progress progress) throws InterruptedException {
    Semaphore permits = new Semaphore(inFlight);
    long start = System.nanoTime();
    for (int message = 0; message < issued.length && failures.get() < MAX_FAILURES; message++) {
      permits.acquire();
      awaitTurn(start, message);
      send(message, permits);
      progress.show(done.get());
    }
    permits.acquire(inFlight);
    long nanos = System.nanoTime() - start;
    progress.end(done.get());
    return new Outcome(history(), nanos, latency(), failures.get(), firstFailure.get());
  }

  private void awaitTurn(long start, int message) throws InterruptedException {
    if (rate > 0) {
      long due = start + message * TimeUnit.SECONDS.toNanos(1) / rate;
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
    }
  }

  private void send(int message, Semaphore permits) {
    int target = log.messages().get(message % log.messages().size());
    long start = System.nanoTime();
    long called = moments.incrementAndGet();
    client
        .next(namespace, log.targets().get(target))
        .whenComplete(
            (numbers, failure) -> {
              long returned = moments.incrementAndGet();
              if (failure == null) {
                issued[message] = new Issued(target, called, returned, numbers.first());
                latencies[message] = System.nanoTime() - start;
              } else {
                failures.incrementAndGet();
                firstFailure.compareAndSet(null, RatchetException.of(failure));
              }
              done.incrementAndGet();
              permits.release();
            });
  }

  private List<Issued> history() {
    List<Issued> history = new ArrayList<>(issued.length);
    Arrays.stream(issued).filter(Objects::nonNull).forEach(history::add);
    return history;
  }

  private Histogram latency() {
    Histogram histogram = new Histogram(MAX_LATENCY_NANOS, 3);
    for (int message = 0; message < issued.length; message++) {
      if (issued[message] != null) {
        histogram.recordValue(Math.min(latencies[message], MAX_LATENCY_NANOS));
      }
    }
    return histogram;
  }
}
