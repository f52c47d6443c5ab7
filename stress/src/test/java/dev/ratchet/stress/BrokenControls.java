package dev.ratchet.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * A negative control: it has a fault of the kind that the other tests are there to find, and must
 * be found {@code FORBIDDEN}. A stress test that can't fail proves nothing.
 */
public class BrokenControls {
  /** Look, then set: what a counter without compare-and-set would do. */
  @JCStressTest
  @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "The first thread was first.")
  @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "The second thread was first.")
  @Outcome(expect = FORBIDDEN, desc = "A number twice.")
  @State
  public static class CounterWithoutCompareAndSet {
    private volatile long last;

    private long take() {
      long taken = last + 1;
      last = taken;
      return taken;
    }

    @Actor
    public void one(JJ_Result r) {
      r.r1 = take();
    }

    @Actor
    public void two(JJ_Result r) {
      r.r2 = take();
    }
  }
}
