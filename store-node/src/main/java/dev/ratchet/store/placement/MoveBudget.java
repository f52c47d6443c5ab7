package dev.ratchet.store.placement;

import java.util.concurrent.TimeUnit;

/**
 * A token bucket: so many moves a second, and at most one second's worth at once. Not thread-safe.
 */
final class MoveBudget {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long nanosPerMove;
  private final int most;
  private int available;
  private long countedAt;

  MoveBudget(int movesPerSecond, long nowNanos) {
    this.nanosPerMove = Math.max(1, SECOND / movesPerSecond);
    this.most = movesPerSecond;
    this.available = movesPerSecond;
    this.countedAt = nowNanos;
  }

  /** Moves that may begin now. */
  int available(long nowNanos) {
    long earned = (nowNanos - countedAt) / nanosPerMove;
    if (earned >= most - available) {
      available = most;
      countedAt = nowNanos;
    } else if (earned > 0) {
      available += (int) earned;
      countedAt += earned * nanosPerMove;
    }
    return available;
  }

  /** Uses up some of what is available. */
  void take(int moves) {
    if (moves > available) {
      throw new IllegalStateException(moves + " moves taken, " + available + " available");
    }
    available -= moves;
  }

  /** Time in which one move is earned. */
  long nanosPerMove() {
    return nanosPerMove;
  }
}
