package dev.ratchet.jepsen.broken;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.concurrent.TimeUnit;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * Each event loop reads the clock every 50 ms, to save reading it for every call. A process that
 * was frozen serves all that has come meanwhile before it reads the clock again.
 */
public final class LeaseCheckedBeforeArrival {
  private static final int TICK_MILLIS = 50;
  private static final ThreadLocal<@Nullable Tick> TICK = new ThreadLocal<>();

  private LeaseCheckedBeforeArrival() {}

  @Advice.OnMethodEnter
  @SuppressWarnings("UnusedVariable") // inlined: what it sets is the method's own parameter
  static void enter(@Advice.Argument(value = 0, readOnly = false) long nowNanos) {
    nowNanos = LeaseCheckedBeforeArrival.atLastTick(nowNanos);
  }

  /** The moment of the event loop's last tick; other threads see the true one. */
  public static long atLastTick(long nowNanos) {
    EventExecutor loop = ThreadExecutorMap.currentExecutor();
    if (loop == null) {
      return nowNanos;
    }
    Tick tick = TICK.get();
    if (tick == null) {
      tick = new Tick();
      TICK.set(tick);
      var unused =
          loop.scheduleAtFixedRate(tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }
    return nowNanos - tick.ageNanos();
  }

  /** Confined to its event loop. */
  private static final class Tick implements Runnable {
    private long nanos = System.nanoTime();

    @Override
    public void run() {
      nanos = System.nanoTime();
    }

    long ageNanos() {
      return System.nanoTime() - nanos;
    }
  }
}
