package dev.ratchet.proto.time;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** The clock while a suspend is found out. */
public class SuspendAwareClockStress {
  private static final long PASSED = 200_000_000;
  private static final long SUSPENDED = 5_000_000_000L;

  /** Clocks that a test moves by hand, before it lets threads read them. */
  private static final class Hands implements SuspendAwareClock.Sources {
    private volatile long monotonic;
    private volatile long uptime;

    @Override
    public long monotonic() {
      return monotonic;
    }

    @Override
    public long wall() {
      return uptime;
    }

    @Override
    public long uptime() {
      return uptime;
    }
  }

  /** What is added errs on the safe side by the uptime's resolution, once. */
  @JCStressTest
  @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "All saw that the suspend took time, once.")
  @Outcome(expect = FORBIDDEN, desc = "A suspend was counted twice or missed, or time went back.")
  @State
  public static class ASuspend {
    private final Hands hands = new Hands();
    private final SuspendAwareClock clock = new SuspendAwareClock(hands);

    public ASuspend() {
      hands.monotonic = PASSED;
      hands.uptime = PASSED + SUSPENDED;
    }

    private int isRight() {
      long expected = PASSED + SUSPENDED + SuspendAwareClock.RESOLUTION_NANOS;
      return clock.nanos() == expected ? 1 : 0;
    }

    @Actor
    public void one(III_Result r) {
      r.r1 = isRight();
    }

    @Actor
    public void two(III_Result r) {
      r.r2 = isRight();
      r.r3 = isRight();
    }
  }
}
