package dev.ratchet.store.raft;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.ratchet.proto.RatchetException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** The bounds of what is proposed and not yet applied. */
public class InFlightStress {
  private static final int MORE_THAN_HALF = (int) (InFlight.MAX_BYTES / 2 + 1);

  private static boolean add(InFlight inFlight, Proposal proposal) {
    try {
      inFlight.add(proposal);
      return true;
    } catch (RatchetException overloaded) {
      return false;
    }
  }

  @JCStressTest
  @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "The first had the room.")
  @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "The second had the room.")
  @Outcome(
      id = "0, 0, 0",
      expect = ACCEPTABLE,
      desc = "Each saw the other's bytes; both may retry.")
  @Outcome(expect = FORBIDDEN, desc = "The bound was exceeded, or a refused one is still counted.")
  @State
  public static class RoomForOne {
    private final InFlight inFlight = new InFlight();

    private int add() {
      Proposal proposal = new Proposal(MORE_THAN_HALF, Urgency.NORMAL, 0);
      return InFlightStress.add(inFlight, proposal) ? 1 : 0;
    }

    @Actor
    public void one(III_Result r) {
      r.r1 = add();
    }

    @Actor
    public void two(III_Result r) {
      r.r2 = add();
    }

    @Arbiter
    public void after(III_Result r) {
      r.r3 = inFlight.entries();
    }
  }

  @JCStressTest
  @Outcome(
      id = "1, 0",
      expect = ACCEPTABLE,
      desc = "It was applied or given up on, and counted out.")
  @Outcome(expect = FORBIDDEN, desc = "It was counted out twice or never.")
  @State
  public static class AppliedAgainstGivenUp {
    private final InFlight inFlight = new InFlight();
    private final Proposal proposal = new Proposal(1, Urgency.NORMAL, 0);

    public AppliedAgainstGivenUp() {
      inFlight.add(proposal);
    }

    @Actor
    public void apply() {
      proposal.applied("");
    }

    @Actor
    public void giveUp() {
      inFlight.giveUp(Long.MAX_VALUE);
    }

    @Arbiter
    public void after(II_Result r) {
      r.r1 = proposal.isDone() ? 1 : 0;
      r.r2 = inFlight.entries();
    }
  }
}
