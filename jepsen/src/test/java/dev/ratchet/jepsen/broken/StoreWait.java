package dev.ratchet.jepsen.broken;

import net.bytebuddy.asm.Advice;

/** The leader's view of which leases are due is ahead of time, or behind it. */
final class StoreWait {
  private StoreWait() {}

  /** Two owners are possible. */
  static final class TooShort {
    @Advice.OnMethodEnter
    @SuppressWarnings("UnusedVariable") // inlined: what it sets is the method's own parameter
    static void enter(@Advice.Argument(value = 0, readOnly = false) long nowNanos) {
      nowNanos += 1_500_000_000L;
    }
  }

  /** Failover takes longer than it may. */
  static final class TooLong {
    @Advice.OnMethodEnter
    @SuppressWarnings("UnusedVariable") // inlined: what it sets is the method's own parameter
    static void enter(@Advice.Argument(value = 0, readOnly = false) long nowNanos) {
      nowNanos -= 10_000_000_000L;
    }
  }
}
