package dev.ratchet.store.raft;

import dev.ratchet.proto.time.MonotonicClock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When entries can last have come into this member's log: from another leader, or, while this
 * member led, from callers. Whatever is in the log when this member begins to lead was sent before.
 * Thread-safe.
 */
final class LastHeard {
  private final MonotonicClock clock;
  private final AtomicLong at;

  /** What is in the log already came before now. */
  LastHeard(MonotonicClock clock) {
    this.clock = clock;
    this.at = new AtomicLong(clock.nanos());
  }

  /** Entries may be coming in at this moment. */
  void now() {
    at.accumulateAndGet(clock.nanos(), (last, next) -> next - last > 0 ? next : last);
  }

  /** The last of those moments, on the monotonic clock. */
  long nanos() {
    return at.get();
  }
}
