package dev.ratchet.alloc.handover;

import java.util.concurrent.TimeUnit;

/**
 * How many sections are given back at a time. Each of a turn is silent for as long as the turn
 * takes and its grants after it, so turns are small while the store is slow; and each costs a round
 * trip to the store, so they are large while it is fast. Not thread-safe.
 */
final class TurnSize {
  /** A turn that took longer is followed by smaller ones, one of less than half by larger ones. */
  static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final int least;
  private final int most;
  private int sections;

  /** Begins with the least. */
  TurnSize(int least, int most) {
    this.least = least;
    this.most = most;
    this.sections = least;
  }

  /** Sections in the next turn. */
  int sections() {
    return sections;
  }

  /** A turn of this size was given back. */
  void took(long nanos) {
    if (nanos > LONG_NANOS) {
      sections = Math.max(least, sections / 2);
    } else if (nanos < LONG_NANOS / 2) {
      sections = Math.min(most, sections * 2);
    }
  }
}
