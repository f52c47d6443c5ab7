package dev.ratchet.store.placement;

import java.util.concurrent.TimeUnit;

/**
 * Waits until nodes that start together are all there, so that sections are shared from the
 * beginning and need not be moved. Bounded: nodes that keep coming can't put placement off for
 * long. Not thread-safe.
 */
final class Settle {
  /** Longest wait since the first of a burst of registers, in settle times. */
  static final int MOST_WAITS = 5;

  private final long settleNanos;
  private long firstAt;
  private long lastAt;
  private boolean waiting;

  Settle(int settleMillis) {
    settleNanos = TimeUnit.MILLISECONDS.toNanos(settleMillis);
  }

  /**
   * Whether to place now. Who comes while a wait goes on, or before its end was noticed, prolongs
   * it up to its bound; at the bound one look passes, even if others just came.
   */
  boolean passes(long nowNanos, boolean someRegistered) {
    if (someRegistered) {
      firstAt = waiting ? firstAt : nowNanos;
      lastAt = nowNanos;
      waiting = true;
    }
    if (waiting && nowNanos - settledAt() >= 0) {
      waiting = false;
    }
    return !waiting;
  }

  /** When the wait will be over, if nobody else registers. */
  long settledAt() {
    long most = firstAt + MOST_WAITS * settleNanos;
    long usual = lastAt + settleNanos;
    return usual - most < 0 ? usual : most;
  }
}
