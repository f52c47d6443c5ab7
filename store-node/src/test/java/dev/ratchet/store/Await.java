package dev.ratchet.store;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for what other threads bring about, with a deadline. */
public final class Await {
  /** Long enough for a loaded machine; a test that waits for it has failed. */
  public static final Duration LIMIT = Duration.ofSeconds(60);

  private static final long LOOK_NANOS = Duration.ofMillis(5).toNanos();

  private Await() {}

  /** Returns once the condition holds. */
  public static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + LIMIT + ": " + what);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** Returns the first value that is there. */
  public static <T> T value(String what, Supplier<@Nullable T> source) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      T value = source.get();
      if (value != null) {
        return value;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + LIMIT + ": " + what);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
