package dev.ratchet.bench.load;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Calls at a fixed rate, whether answers come or not. A call's latency counts from when it was due,
 * not from when it went out: calls that a stall held up in this process are as late as their
 * callers would find them.
 */
public final class OpenLoop {
  /** How long after the last call its answer may come. */
  private static final Duration DRAIN = Duration.ofSeconds(30);

  private static final long POLL_NANOS = 1_000_000;

  private final LoadTarget target;
  private final long perSecond;
  private final LongSupplier nanos;
  private final Pause pause;

  /** Waits, at most until a time; may return before. */
  @FunctionalInterface
  interface Pause {
    void until(long nanoTime);
  }

  /** {@code perSecond}: calls a second. */
  public OpenLoop(LoadTarget target, long perSecond) {
    this(
        target, perSecond, System::nanoTime, due -> LockSupport.parkNanos(due - System.nanoTime()));
  }

  OpenLoop(LoadTarget target, long perSecond, LongSupplier nanos, Pause pause) {
    if (perSecond < 1) {
      throw new IllegalArgumentException(perSecond + " calls a second are no load");
    }
    this.target = target;
    this.perSecond = perSecond;
    this.nanos = nanos;
    this.pause = pause;
  }

  /**
   * Runs for a time, and waits for the last answers.
   *
   * @throws CliException when answers stay out
   */
  public LoadResult run(Duration length) {
    Tally tally = new Tally();
    AtomicLong open = new AtomicLong();
    long begin = nanos.getAsLong();
    long calls = Math.max(1, length.toNanos() * perSecond / TimeUnit.SECONDS.toNanos(1));
    for (long i = 0; i < calls; i++) {
      long due = begin + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
      while (due - nanos.getAsLong() > 0) {
        pause.until(due);
      }
      open.incrementAndGet();
      target.start(
          failure -> {
            tally.add(nanos.getAsLong() - due, failure);
            open.decrementAndGet();
          });
    }
    long elapsed = nanos.getAsLong() - begin;
    drain(open);
    return tally.result(Math.max(1, elapsed));
  }

  private static void drain(AtomicLong open) {
    long deadline = System.nanoTime() + DRAIN.toNanos();
    while (open.get() > 0) {
      if (System.nanoTime() - deadline >= 0) {
        throw new CliException(ExitCode.FAILED, open.get() + " calls were not answered at all");
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
