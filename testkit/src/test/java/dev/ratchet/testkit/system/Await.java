package dev.ratchet.testkit.system;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what must happen, each with a deadline. */
final class Await {
  private static final Duration POLL = Duration.ofMillis(20);

  private Await() {}

  /** What a condition still lacks; empty when it holds. */
  interface Condition extends Supplier<String> {}

  /** Until the condition holds; fails with what it lacked when the bound has passed. */
  static void until(Duration bound, Condition condition) {
    long deadline = System.nanoTime() + bound.toNanos();
    String missing = condition.get();
    while (!missing.isEmpty()) {
      if (System.nanoTime() - deadline >= 0) {
        throw new AssertionError("after " + bound.toSeconds() + " s: " + missing);
      }
      LockSupport.parkNanos(POLL.toNanos());
      missing = condition.get();
    }
  }
}
