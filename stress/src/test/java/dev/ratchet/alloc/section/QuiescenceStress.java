package dev.ratchet.alloc.section;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.ratchet.proto.key.Namespace;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** A section's end: when the loops have come round, its counters are final. */
public class QuiescenceStress {
  private static final Namespace STRING = Namespace.string("s", 1, 10).withId(2);
  private static final long KEY = 5;

  /** Runs tasks when its thread comes round. */
  private static final class Loop implements Executor {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    void comeRound() {
      for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
        next.run();
      }
    }
  }

  /** Fields that are not volatile: what a loop did before it came round must be seen after. */
  @JCStressTest
  @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "It went on once, and saw what both did.")
  @Outcome(expect = FORBIDDEN, desc = "It went on too early, twice or never.")
  @State
  public static class TwoLoops {
    private final Loop one = new Loop();
    private final Loop two = new Loop();
    private int timesRun;
    private int byOne;
    private int byTwo;
    private int seen;

    public TwoLoops() {
      new Quiescence(List.of(one, two), Runnable::run).then(this::goOn);
    }

    private void goOn() {
      timesRun++;
      seen = byOne + byTwo;
    }

    @Actor
    public void one() {
      byOne = 1;
      one.comeRound();
    }

    @Actor
    public void two() {
      byTwo = 1;
      two.comeRound();
    }

    @Arbiter
    public void after(JJ_Result r) {
      r.r1 = timesRun;
      r.r2 = seen;
    }
  }

  /** The positions that a release hands over: nothing may be issued above them. */
  @JCStressTest
  @Outcome(id = "1, 2, 0", expect = ACCEPTABLE, desc = "Both takes were before the stop.")
  @Outcome(id = "1, -2, 0", expect = ACCEPTABLE, desc = "The stop was between the takes.")
  @Outcome(id = "-2, -2, 0", expect = ACCEPTABLE, desc = "Both takes were after the stop.")
  @Outcome(expect = FORBIDDEN, desc = "A number was issued that the next owner will issue again.")
  @State
  public static class StopAndHandOver {
    private final Loop loop = new Loop();
    private final Section section =
        Section.granted(STRING, 0, 3, 0, 10, new CounterMemory(1 << 20));
    private final Quiescence quiescence = new Quiescence(List.of(loop), Runnable::run);
    private volatile long handedOver = Long.MIN_VALUE;

    @Actor
    public void calls(JJJ_Result r) {
      r.r1 = section.take(KEY, 1);
      loop.comeRound();
      r.r2 = section.take(KEY, 1);
      loop.comeRound();
    }

    @Actor
    public void control() {
      section.stop();
      quiescence.then(() -> handedOver = section.last(KEY));
    }

    @Arbiter
    public void after(JJJ_Result r) {
      loop.comeRound();
      r.r3 = section.last(KEY) - handedOver;
    }
  }
}
