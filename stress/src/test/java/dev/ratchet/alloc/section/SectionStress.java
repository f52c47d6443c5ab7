package dev.ratchet.alloc.section;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.ratchet.proto.key.Namespace;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJJ_Result;
import org.openjdk.jcstress.infra.results.JJJ_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * A section: calls on event loops against raises and stops on the control thread. 0 is "above the
 * ceiling", -2 is "stopped".
 */
public class SectionStress {
  private static final Namespace UID = Namespace.uid("u", 99, 100, 10).withId(1);
  private static final Namespace STRING = Namespace.string("s", 1, 10).withId(2);
  private static final long KEY = 5;

  private static Section granted(Namespace namespace, long maxSeq) {
    return Section.granted(namespace, 0, 3, 0, maxSeq, new CounterMemory(1 << 20));
  }

  @JCStressTest
  @Outcome(id = "1, 2, 3, 0", expect = ACCEPTABLE, desc = "Order: one one two two.")
  @Outcome(id = "1, 3, 2, 0", expect = ACCEPTABLE, desc = "Order: one two one two.")
  @Outcome(id = "2, 3, 1, 0", expect = ACCEPTABLE, desc = "Order: two one one two.")
  @Outcome(id = "1, 0, 2, 3", expect = ACCEPTABLE, desc = "Order: one two two one.")
  @Outcome(id = "2, 0, 1, 3", expect = ACCEPTABLE, desc = "Order: two one two one.")
  @Outcome(id = "3, 0, 1, 2", expect = ACCEPTABLE, desc = "Order: two two one one.")
  @Outcome(expect = FORBIDDEN, desc = "A number twice, going back, or above the ceiling.")
  @State
  public static class FourTakesOfThreeNumbers {
    private final Section section = granted(UID, 3);

    @Actor
    public void one(JJJJ_Result r) {
      r.r1 = section.take(KEY, 1);
      r.r2 = section.take(KEY, 1);
    }

    @Actor
    public void two(JJJJ_Result r) {
      r.r3 = section.take(KEY, 1);
      r.r4 = section.take(KEY, 1);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "Both takes were before the raise.")
  @Outcome(id = "1, 2, 0", expect = ACCEPTABLE, desc = "The second take was after the raise.")
  @Outcome(expect = FORBIDDEN, desc = "A number above the ceiling that its thread sees then.")
  @State
  public static class TakesAgainstARaise {
    private final Section section = granted(UID, 1);

    @Actor
    public void take(JJJ_Result r) {
      r.r1 = section.take(KEY, 1);
      r.r2 = section.take(KEY, 1);
      r.r3 = Math.max(r.r1, r.r2) > section.maxSeq() ? 1 : 0;
    }

    @Actor
    public void raise() {
      section.raised(2);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 2, -2", expect = ACCEPTABLE, desc = "Both takes were before the stop.")
  @Outcome(id = "1, -2, -2", expect = ACCEPTABLE, desc = "The stop was between the takes.")
  @Outcome(id = "-2, -2, -2", expect = ACCEPTABLE, desc = "Both takes were after the stop.")
  @Outcome(expect = FORBIDDEN, desc = "A number after the stop was seen.")
  @State
  public static class TakesAgainstAStop {
    private final Section section = granted(STRING, 10);

    @Actor
    public void take(JJJ_Result r) {
      r.r1 = section.take(KEY, 1);
      r.r2 = section.take(KEY, 1);
    }

    @Actor
    public void stop() {
      section.stop();
    }

    @Arbiter
    public void after(JJJ_Result r) {
      r.r3 = section.take(KEY, 1);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Both takes were before the raise.")
  @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "The second take was between raise and stop.")
  @Outcome(id = "1, -2", expect = ACCEPTABLE, desc = "The second take was after the stop.")
  @Outcome(id = "-2, -2", expect = ACCEPTABLE, desc = "Both takes were after the stop.")
  @Outcome(expect = FORBIDDEN, desc = "A raise that came late has opened the section again.")
  @State
  public static class TakesAgainstRaiseStopRaise {
    private final Section section = granted(UID, 1);

    @Actor
    public void take(JJ_Result r) {
      r.r1 = section.take(KEY, 1);
      r.r2 = section.take(KEY, 1);
    }

    @Actor
    public void control() {
      section.raised(2);
      section.stop();
      section.raised(3);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The first thread claimed the raise.")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The second thread claimed the raise.")
  @Outcome(expect = FORBIDDEN, desc = "Two raises of one section, or none.")
  @State
  public static class OneRaiseAtATime {
    private final Section section = granted(UID, 1);

    @Actor
    public void one(JJ_Result r) {
      r.r1 = section.beginRaise() ? 1 : 0;
    }

    @Actor
    public void two(JJ_Result r) {
      r.r2 = section.beginRaise() ? 1 : 0;
    }
  }

  /** A call in sixteen counts for all: find one that does. */
  private static final long COUNTED = countedKey();

  private static long countedKey() {
    for (long key = 0; key < 100; key++) {
      Section section = granted(UID, 10);
      section.take(key, 1);
      if (section.takeCalls() > 0) {
        return key;
      }
    }
    throw new AssertionError("no first number of a hundred users is counted");
  }

  @JCStressTest
  @Outcome(id = "0, 16", expect = ACCEPTABLE, desc = "The meter came before the call.")
  @Outcome(id = "16, 0", expect = ACCEPTABLE, desc = "The meter came after the call.")
  @Outcome(expect = FORBIDDEN, desc = "A call was counted twice or not at all.")
  @State
  public static class TheMeterAgainstACall {
    private final Section section = granted(UID, 10);

    @Actor
    public void take() {
      section.take(COUNTED, 1);
    }

    @Actor
    public void measure(JJ_Result r) {
      r.r1 = section.takeCalls();
    }

    @Arbiter
    public void after(JJ_Result r) {
      r.r2 = section.takeCalls();
    }
  }
}
