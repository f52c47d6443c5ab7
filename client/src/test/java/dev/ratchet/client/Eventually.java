package dev.ratchet.client;

import java.util.concurrent.Callable;

/** Waits for what another thread will do. */
public final class Eventually {
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private Eventually() {}

  /** Looks at a condition until it holds; fails when it does not for 20 seconds. */
  public static void until(Callable<Boolean> condition) throws AssertionError {
    long start = System.nanoTime();
    try {
      while (!condition.call()) {
        if (System.nanoTime() - start > PATIENCE_NANOS) {
          throw new AssertionError("waited 20 seconds in vain");
        }
        Thread.onSpinWait();
      }
    } catch (Exception e) {
      throw new AssertionError("the condition can't be looked at", e);
    }
  }
}
