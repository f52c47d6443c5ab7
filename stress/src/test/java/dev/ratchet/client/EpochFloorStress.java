package dev.ratchet.client;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.ratchet.proto.key.Namespace;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** The highest epoch seen of a section. */
public class EpochFloorStress {
  private static final Namespace NAMESPACE = Namespace.string("s", 4, 10).withId(1);

  private static long accept(EpochFloor floor, long epoch) {
    return floor.accept(NAMESPACE, 1, epoch) ? 1 : 0;
  }

  @JCStressTest
  @Outcome(id = "1, 1, 3", expect = ACCEPTABLE, desc = "The answers came in order.")
  @Outcome(id = "0, 1, 3", expect = ACCEPTABLE, desc = "The older answer came late.")
  @Outcome(expect = FORBIDDEN, desc = "A floor was lost, or the newest answer dropped.")
  @State
  public static class TwoAnswers {
    private final EpochFloor floor = new EpochFloor();

    @Actor
    public void older(JJJ_Result r) {
      r.r1 = accept(floor, 2);
    }

    @Actor
    public void newer(JJJ_Result r) {
      r.r2 = accept(floor, 3);
    }

    @Arbiter
    public void after(JJJ_Result r) {
      r.r3 = floor.of(NAMESPACE.id(), 1);
    }
  }

  @JCStressTest
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The answer came after the first look.")
  @Outcome(id = "3, 0", expect = ACCEPTABLE, desc = "It came before both.")
  @Outcome(expect = FORBIDDEN, desc = "An answer below a floor that was seen is let through.")
  @State
  public static class ALookAgainstAnAnswer {
    private final EpochFloor floor = new EpochFloor();

    @Actor
    public void newer() {
      floor.accept(NAMESPACE, 1, 3);
    }

    @Actor
    public void look(JJ_Result r) {
      r.r1 = floor.of(NAMESPACE.id(), 1);
      r.r2 = r.r1 == 0 ? 1 : accept(floor, 2);
    }
  }
}
