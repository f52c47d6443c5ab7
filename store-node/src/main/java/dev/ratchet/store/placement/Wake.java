package dev.ratchet.store.placement;

/** When to look again even if no route changes. Not thread-safe. */
final class Wake {
  private final long setAt;
  private boolean set;
  private long at;

  Wake(long nowNanos) {
    setAt = nowNanos;
  }

  /** The time at which this was made. */
  long now() {
    return setAt;
  }

  /** Look again at a time, or at an earlier one asked for. */
  void at(long nanos) {
    if (!set || nanos - at < 0) {
      at = nanos;
      set = true;
    }
  }

  boolean isDue(long nowNanos) {
    return set && nowNanos - at >= 0;
  }
}
