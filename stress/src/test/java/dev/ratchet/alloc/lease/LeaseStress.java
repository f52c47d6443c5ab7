package dev.ratchet.alloc.lease;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** A lease: renewed and ended by the control thread, asked by event loops. */
public class LeaseStress {
  private static final long HOLDER = 1_000;

  private static int isValid(Lease lease, long now) {
    return lease.isValid(now) ? 1 : 0;
  }

  /** A renewal may be answered after the lease was ended. */
  @JCStressTest
  @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "Both looks were before the end.")
  @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "The end was between the looks.")
  @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "Both looks were after the end.")
  @Outcome(expect = FORBIDDEN, desc = "A lease that has ended was valid again.")
  @State
  public static class EndedStaysEnded {
    private final Lease lease = new Lease(7, HOLDER, 0);

    public EndedStaysEnded() {
      lease.renewed(0);
    }

    @Actor
    public void control() {
      lease.end(150);
      lease.renewed(100);
    }

    @Actor
    public void look(III_Result r) {
      r.r1 = isValid(lease, 160);
      r.r2 = isValid(lease, 160);
    }

    @Arbiter
    public void after(III_Result r) {
      r.r3 = isValid(lease, 160);
    }
  }

  /** Answers to renewals come in any order; validity only ever grows by them. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Both looks were before the renewals.")
  @Outcome(id = "0, 1200", expect = ACCEPTABLE, desc = "The renewals were between the looks.")
  @Outcome(id = "1200, 1200", expect = ACCEPTABLE, desc = "Both looks were after the first.")
  @Outcome(
      expect = FORBIDDEN,
      desc = "An older renewal cut the lease short, or half a time was read.")
  @State
  public static class RenewalsOutOfOrder {
    private final Lease lease = new Lease(7, HOLDER, 0);

    @Actor
    public void control() {
      lease.renewed(200);
      lease.renewed(100);
    }

    @Actor
    public void look(JJ_Result r) {
      r.r1 = lease.leftNanos(0);
      r.r2 = lease.leftNanos(0);
    }
  }
}
