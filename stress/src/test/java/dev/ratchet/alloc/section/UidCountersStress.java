package dev.ratchet.alloc.section;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJJ_Result;
import org.openjdk.jcstress.infra.results.JJJ_Result;

/** Counters of users: pages made at first touch, numbers by compare-and-set. */
public class UidCountersStress {
  /** More than one page, so that tests can choose users of one page or of two. */
  private static final int USERS = 2_000;

  private static final long OTHER_PAGE = 1L << UidCounters.PAGE_BITS;

  /** The table of pages and two pages. */
  private static final long TWO_PAGES = 16 + 8 * 4 + 2 * (8L * OTHER_PAGE + 16);

  @JCStressTest
  @Outcome(id = "1, 2, 2", expect = ACCEPTABLE, desc = "The first thread was first.")
  @Outcome(id = "2, 1, 2", expect = ACCEPTABLE, desc = "The second thread was first.")
  @Outcome(expect = FORBIDDEN, desc = "A number twice or skipped, or a page was lost.")
  @State
  public static class FirstTouchOfOneUser {
    private final UidCounters counters = new UidCounters(new CounterMemory(1 << 20), 0, USERS, 0);

    @Actor
    public void one(JJJ_Result r) {
      r.r1 = counters.take(5, 1, 100);
    }

    @Actor
    public void two(JJJ_Result r) {
      r.r2 = counters.take(5, 1, 100);
    }

    @Arbiter
    public void after(JJJ_Result r) {
      r.r3 = counters.last(5);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 1, 1, 1", expect = ACCEPTABLE, desc = "Each has its number, in one page.")
  @Outcome(expect = FORBIDDEN, desc = "A user's number was lost with a page.")
  @State
  public static class FirstTouchOfOnePage {
    private final UidCounters counters = new UidCounters(new CounterMemory(1 << 20), 0, USERS, 0);

    @Actor
    public void one(JJJJ_Result r) {
      r.r1 = counters.take(5, 1, 100);
    }

    @Actor
    public void two(JJJJ_Result r) {
      r.r2 = counters.take(6, 1, 100);
    }

    @Arbiter
    public void after(JJJJ_Result r) {
      r.r3 = counters.last(5);
      r.r4 = counters.last(6);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "The memory taken is that of what is kept.")
  @Outcome(expect = FORBIDDEN, desc = "A table or page thrown away is still counted.")
  @State
  public static class FirstTouchOfTwoPages {
    private final CounterMemory memory = new CounterMemory(1 << 20);
    private final UidCounters counters = new UidCounters(memory, 0, USERS, 0);

    @Actor
    public void one(JJJ_Result r) {
      r.r1 = counters.take(5, 1, 100);
    }

    @Actor
    public void two(JJJ_Result r) {
      r.r2 = counters.take(5 + OTHER_PAGE, 1, 100);
    }

    @Arbiter
    public void after(JJJ_Result r) {
      r.r3 = memory.usedBytes() - TWO_PAGES;
    }
  }

  @JCStressTest
  @Outcome(id = "1, 0, 2", expect = ACCEPTABLE, desc = "The first thread got the last two.")
  @Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "The second thread got the last two.")
  @Outcome(expect = FORBIDDEN, desc = "A number above the ceiling, or numbers shared.")
  @State
  public static class TheCeilingHasRoomForOne {
    private final UidCounters counters = new UidCounters(new CounterMemory(1 << 20), 0, USERS, 0);

    @Actor
    public void one(JJJ_Result r) {
      r.r1 = counters.take(5, 2, 3);
    }

    @Actor
    public void two(JJJ_Result r) {
      r.r2 = counters.take(5, 2, 3);
    }

    @Arbiter
    public void after(JJJ_Result r) {
      r.r3 = counters.last(5);
    }
  }

  @JCStressTest
  @Outcome(id = "1, -1, -1", expect = ACCEPTABLE, desc = "Both looks were before.")
  @Outcome(id = "1, -1, 1", expect = ACCEPTABLE, desc = "The take was between the looks.")
  @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "Both looks were after.")
  @Outcome(expect = FORBIDDEN, desc = "A last number that goes back.")
  @State
  public static class LastNeverGoesBack {
    private final UidCounters counters = new UidCounters(new CounterMemory(1 << 20), 0, USERS, 0);

    @Actor
    public void take(JJJ_Result r) {
      r.r1 = counters.take(5, 1, 100);
    }

    @Actor
    public void look(JJJ_Result r) {
      r.r2 = counters.last(5);
      r.r3 = counters.last(5);
    }
  }

  @JCStressTest
  @Outcome(id = "1, -1, 0", expect = ACCEPTABLE, desc = "The first thread got the last page.")
  @Outcome(id = "-1, 1, 0", expect = ACCEPTABLE, desc = "The second thread got the last page.")
  @Outcome(expect = FORBIDDEN, desc = "The bound was exceeded, or room was left unused.")
  @State
  public static class MemoryForOnePageOfTwo {
    private final CounterMemory memory = new CounterMemory(TWO_PAGES - 1);
    private final UidCounters counters = new UidCounters(memory, 0, USERS, 0);

    @Actor
    public void one(JJJ_Result r) {
      r.r1 = counters.take(5, 1, 100);
    }

    @Actor
    public void two(JJJ_Result r) {
      r.r2 = counters.take(5 + OTHER_PAGE, 1, 100);
    }

    @Arbiter
    public void after(JJJ_Result r) {
      r.r3 = memory.usedBytes() > memory.limitBytes() ? 1 : 0;
    }
  }
}
