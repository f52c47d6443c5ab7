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

  void onRegistered(long nowNanos) {
    if (isSettled(nowNanos)) {
      firstAt = nowNanos;
    }
    lastAt = nowNanos;
    waiting = true;
  }

  boolean isSettled(long nowNanos) {
    if (waiting && nowNanos - settledAt() >= 0) {
      waiting = false;
    }
    return !waiting;
  }

  /** When it will be settled, if nobody else registers. */
  long settledAt() {
    long most = firstAt + MOST_WAITS * settleNanos;
    long usual = lastAt + settleNanos;
    return usual - most < 0 ? usual : most;
  }
}
