package dev.ratchet.bench.load;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of calls under way at any time: each answer starts the next call. Shows the most
 * that a server does; its latencies are those of a server that is full.
 */
public final class ClosedLoop {
  /** How long after the end the last answers may come. */
  private static final long DRAIN_SECONDS = 30;

  private final LoadTarget target;
  private final int outstanding;

  /** {@code outstanding}: calls under way. */
  public ClosedLoop(LoadTarget target, int outstanding) {
    if (outstanding < 1) {
      throw new IllegalArgumentException(outstanding + " calls under way are no load");
    }
    this.target = target;
    this.outstanding = outstanding;
  }

  /**
   * Runs for a time. Answers that come after it are not counted.
   *
   * @throws CliException when answers stay out
   */
  public LoadResult run(Duration length) throws InterruptedException {
    Tally tally = new Tally();
    CountDownLatch running = new CountDownLatch(outstanding);
    long begin = System.nanoTime();
    long end = begin + length.toNanos();
    for (int i = 0; i < outstanding; i++) {
      new Slot(tally, running, end).startNext();
    }
    if (!running.await(length.toSeconds() + DRAIN_SECONDS, TimeUnit.SECONDS)) {
      throw new CliException(
          ExitCode.FAILED, running.getCount() + " calls were not answered at all");
    }
    return tally.result(length.toNanos());
  }

  /** One of the calls under way; a failure ends it, so that a dead server is not flooded. */
  private final class Slot implements LoadTarget.Reply {
    private final Tally tally;
    private final CountDownLatch running;
    private final long end;
    private long started;

    Slot(Tally tally, CountDownLatch running, long end) {
      this.tally = tally;
      this.running = running;
      this.end = end;
    }

    void startNext() {
      started = System.nanoTime();
      target.start(this);
    }

    @Override
    public void done(@Nullable Throwable failure) {
      long now = System.nanoTime();
      boolean counts = now - end < 0;
      if (counts || failure != null) {
        tally.add(now - started, failure);
      }
      if (counts && failure == null) {
        startNext();
      } else {
        running.countDown();
      }
    }
  }
}
