package dev.ratchet.alloc.section;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Waits until no call is inside a section that was stopped. Every call runs on an event loop or on
 * the control thread, so once each loop has come round, none that began before is left. Called from
 * the control thread alone.
 */
public final class Quiescence {
  private final Iterable<? extends Executor> loops;
  private final Executor control;

  /** {@code loops}: the event loops that calls run on; {@code control}: the control thread. */
  public Quiescence(Iterable<? extends Executor> loops, Executor control) {
    this.loops = loops;
    this.control = control;
  }

  /** Runs what comes next on the control thread, once all calls inside now are out. */
  public void then(Runnable next) {
    AtomicInteger left = new AtomicInteger(1);
    Runnable out =
        () -> {
          if (left.decrementAndGet() == 0) {
            control.execute(next);
          }
        };
    for (Executor loop : loops) {
      left.incrementAndGet();
      try {
        loop.execute(out);
      } catch (RejectedExecutionException ended) {
        out.run(); // the loop has ended, and every call on it
      }
    }
    out.run();
  }
}
