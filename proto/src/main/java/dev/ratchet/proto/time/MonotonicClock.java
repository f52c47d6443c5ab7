package dev.ratchet.proto.time;

/**
 * A clock that never goes back; its zero has no meaning. Everything that decides ownership takes
 * time from one.
 */
@FunctionalInterface
public interface MonotonicClock {
  /** Nanoseconds since some fixed moment of this process. */
  long nanos();

  /** The machine's monotonic clock. */
  static MonotonicClock system() {
    return System::nanoTime;
  }
}
