package dev.ratchet.jepsen.broken;

import io.netty.util.internal.ThreadExecutorMap;
import java.util.concurrent.atomic.AtomicLong;
import net.bytebuddy.asm.Advice;

/**
 * Event loops read the clock once for many checks, to save reading it for every call. So what
 * waited at the door of a process that was frozen is served by the time before.
 */
public final class LeaseCheckedBeforeArrival {
  private static final int CHECKS_A_READING = 256;
  private static final AtomicLong CHECKS = new AtomicLong();
  private static final AtomicLong READ = new AtomicLong();

  private LeaseCheckedBeforeArrival() {}

  @Advice.OnMethodEnter
  @SuppressWarnings("UnusedVariable") // inlined: what it sets is the method's own parameter
  static void enter(@Advice.Argument(value = 0, readOnly = false) long nowNanos) {
    nowNanos = LeaseCheckedBeforeArrival.asReadLast(nowNanos);
  }

  /** The moment when an event loop read the clock last; other threads see the true one. */
  public static long asReadLast(long nowNanos) {
    if (ThreadExecutorMap.currentExecutor() == null) {
      return nowNanos;
    }
    if (CHECKS.getAndIncrement() % CHECKS_A_READING == 0) {
      READ.set(nowNanos);
    }
    return READ.get();
  }
}
