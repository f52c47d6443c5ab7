package dev.ratchet.alloc.handover;

import java.util.concurrent.TimeUnit;

/**
 * How many sections are given back at a time. Each of a turn is silent for as long as the turn
 * takes and its grants after it, so turns are small while the store is slow; and each costs a round
 * trip to the store, so they are large while it is fast. Not thread-safe.
 */
final class TurnSize {
  /** Smallest turn, and the first; below it the round trip is all that a turn costs. */
  static final int LEAST = 128;

  static final int MOST = 1_024;

  /** A turn that took longer is followed by smaller ones, one of less than half by larger ones. */
  static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private int size = LEAST;

  /** Sections in the next turn. */
  int size() {
    return size;
  }

  /** A turn of this size was given back. */
  void took(long nanos) {
    if (nanos > LONG_NANOS) {
      size = Math.max(LEAST, size / 2);
    } else if (nanos < LONG_NANOS / 2) {
      size = Math.min(MOST, size * 2);
    }
  }
}
