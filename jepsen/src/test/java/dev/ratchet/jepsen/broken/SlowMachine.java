package dev.ratchet.jepsen.broken;

import net.bytebuddy.asm.Advice;

/**
 * A machine whose monotonic clock counts a tenth of a second in a second, and that does not notice.
 * Not a bug of the product, which promises real-time order for nothing so slow; but with it only
 * the epochs protect, so that a bug in them shows.
 */
public final class SlowMachine {
  private static final long START = System.nanoTime();
  private static final int SLOWER = 10;

  private SlowMachine() {}

  static final class Clock {
    @Advice.OnMethodExit
    @SuppressWarnings("UnusedVariable") // inlined: what it sets is the method's own answer
    static void exit(@Advice.Return(readOnly = false) long nanos) {
      nanos = SlowMachine.slowed(nanos);
    }
  }

  static final class Timer {
    @Advice.OnMethodEnter
    @SuppressWarnings("UnusedVariable") // inlined: what it sets is the method's own parameter
    static void enter(@Advice.Argument(value = 3, readOnly = false) long renewMillis) {
      renewMillis *= 10;
    }
  }

  public static long slowed(long nanos) {
    return START + (nanos - START) / SLOWER;
  }
}
