package dev.ratchet.alloc.section;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;

/** The budget of bytes. */
public class CounterMemoryStress {
  private static long tryReserve(CounterMemory memory) {
    return memory.tryReserve(60) ? 1 : 0;
  }

  @JCStressTest
  @Outcome(id = "1, 0, 60", expect = ACCEPTABLE, desc = "The first thread had the room.")
  @Outcome(id = "0, 1, 60", expect = ACCEPTABLE, desc = "The second thread had the room.")
  @Outcome(expect = FORBIDDEN, desc = "The bound was exceeded, or both were refused.")
  @State
  public static class RoomForOne {
    private final CounterMemory memory = new CounterMemory(100);

    @Actor
    public void one(JJJ_Result r) {
      r.r1 = tryReserve(memory);
    }

    @Actor
    public void two(JJJ_Result r) {
      r.r2 = tryReserve(memory);
    }

    @Arbiter
    public void after(JJJ_Result r) {
      r.r3 = memory.usedBytes();
    }
  }

  @JCStressTest
  @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "One after the other.")
  @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "The second came while the first had it.")
  @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "The first came while the second had it.")
  @Outcome(expect = FORBIDDEN, desc = "Bytes were lost, or both were refused.")
  @State
  public static class TakenAndGivenBack {
    private final CounterMemory memory = new CounterMemory(100);

    @Actor
    public void one(JJJ_Result r) {
      r.r1 = takeAndGiveBack();
    }

    @Actor
    public void two(JJJ_Result r) {
      r.r2 = takeAndGiveBack();
    }

    private long takeAndGiveBack() {
      long taken = tryReserve(memory);
      if (taken == 1) {
        memory.release(60);
      }
      return taken;
    }

    @Arbiter
    public void after(JJJ_Result r) {
      r.r3 = memory.usedBytes();
    }
  }
}
