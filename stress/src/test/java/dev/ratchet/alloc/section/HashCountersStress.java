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
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Counters of string keys: slots claimed by compare-and-set, moves that leave MOVED behind. */
public class HashCountersStress {
  private static final long CEILING = 1_000;

  /** As many as a table of the first size takes; one more key makes it grow or evict. */
  private static final int FULL = 5;

  /** Keys that look for the same slot first. */
  private static final long SAME = 1;

  private static final long SLOT = sameHome(SAME);

  private static long sameHome(long key) {
    int home = new HashTable(8, 0).claim(key);
    long other = key + 1;
    while (new HashTable(8, 0).claim(other) != home) {
      other++;
    }
    return other;
  }

  private static HashCounters empty() {
    return new HashCounters(new CounterMemory(1 << 20), 0);
  }

  /** Keys 1 to 5 with last numbers 10 to 50. */
  private static HashCounters full(long memory) {
    HashCounters counters = new HashCounters(new CounterMemory(memory), 0);
    for (int key = 1; key <= FULL; key++) {
      counters.load(key, key * 10L);
    }
    return counters;
  }

  @JCStressTest
  @Outcome(id = "1, 2, 2", expect = ACCEPTABLE, desc = "The first thread was first.")
  @Outcome(id = "2, 1, 2", expect = ACCEPTABLE, desc = "The second thread was first.")
  @Outcome(expect = FORBIDDEN, desc = "The key got two counters.")
  @State
  public static class OneNewKey {
    private final HashCounters counters = empty();

    @Actor
    public void one(JJJ_Result r) {
      r.r1 = counters.take(SAME, 1, CEILING);
    }

    @Actor
    public void two(JJJ_Result r) {
      r.r2 = counters.take(SAME, 1, CEILING);
    }

    @Arbiter
    public void after(JJJ_Result r) {
      r.r3 = counters.last(SAME);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 1, 1, 1", expect = ACCEPTABLE, desc = "Each has a slot of its own.")
  @Outcome(expect = FORBIDDEN, desc = "Two keys met in one slot, or one lost its own.")
  @State
  public static class TwoNewKeysOfOneSlot {
    private final HashCounters counters = empty();

    @Actor
    public void one(JJJJ_Result r) {
      r.r1 = counters.take(SAME, 1, CEILING);
    }

    @Actor
    public void two(JJJJ_Result r) {
      r.r2 = counters.take(SLOT, 1, CEILING);
    }

    @Arbiter
    public void after(JJJJ_Result r) {
      r.r3 = counters.last(SAME);
      r.r4 = counters.last(SLOT);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The first thread claimed the last slot.")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The second thread claimed the last slot.")
  @Outcome(expect = FORBIDDEN, desc = "More than two thirds are claimed, or fewer than can be.")
  @State
  public static class TheLastSlotToClaim {
    private final HashTable table = new HashTable(8, 0);

    public TheLastSlotToClaim() {
      for (int key = 1; key < FULL; key++) {
        table.claim(key);
      }
    }

    @Actor
    public void one(JJ_Result r) {
      r.r1 = table.claim(6) >= 0 ? 1 : 0;
    }

    @Actor
    public void two(JJ_Result r) {
      r.r2 = table.claim(7) >= 0 ? 1 : 0;
    }
  }

  @JCStressTest
  @Outcome(id = "1, 11, 12, 12", expect = ACCEPTABLE, desc = "The growth changed nothing.")
  @Outcome(expect = FORBIDDEN, desc = "A number was counted on behind the move.")
  @State
  public static class GrowthAgainstTakes {
    private final HashCounters counters = full(1 << 20);

    @Actor
    public void grow(JJJJ_Result r) {
      r.r1 = counters.take(6, 1, CEILING);
    }

    @Actor
    public void take(JJJJ_Result r) {
      r.r2 = counters.take(1, 1, CEILING);
      r.r3 = counters.take(1, 1, CEILING);
    }

    @Arbiter
    public void after(JJJJ_Result r) {
      r.r4 = counters.last(1);
    }
  }

  /** Key 0 marks an empty slot, so its number is kept apart. */
  @JCStressTest
  @Outcome(id = "1, 1, 2, 2", expect = ACCEPTABLE, desc = "The growth changed nothing.")
  @Outcome(expect = FORBIDDEN, desc = "The number of key 0 was lost in the move.")
  @State
  public static class GrowthAgainstTakesOfKeyZero {
    private final HashCounters counters = full(1 << 20);

    @Actor
    public void grow(JJJJ_Result r) {
      r.r1 = counters.take(6, 1, CEILING);
    }

    @Actor
    public void take(JJJJ_Result r) {
      r.r2 = counters.take(0, 1, CEILING);
      r.r3 = counters.take(0, 1, CEILING);
    }

    @Arbiter
    public void after(JJJJ_Result r) {
      r.r4 = counters.last(0);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 1, 1, 1", expect = ACCEPTABLE, desc = "One grew the table for both.")
  @Outcome(expect = FORBIDDEN, desc = "A key was lost between two growths.")
  @State
  public static class TwoNewKeysMakeItGrow {
    private final HashCounters counters = full(1 << 20);

    @Actor
    public void one(JJJJ_Result r) {
      r.r1 = counters.take(6, 1, CEILING);
    }

    @Actor
    public void two(JJJJ_Result r) {
      r.r2 = counters.take(7, 1, CEILING);
    }

    @Arbiter
    public void after(JJJJ_Result r) {
      r.r3 = counters.last(6);
      r.r4 = counters.last(7);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 10, 10", expect = ACCEPTABLE, desc = "The growth hides no number.")
  @Outcome(expect = FORBIDDEN, desc = "A look met a number that was being moved.")
  @State
  public static class GrowthAgainstLooks {
    private final HashCounters counters = full(1 << 20);

    @Actor
    public void grow(JJJ_Result r) {
      r.r1 = counters.take(6, 1, CEILING);
    }

    @Actor
    public void look(JJJ_Result r) {
      r.r2 = counters.last(1);
      r.r3 = counters.last(1);
    }
  }

  @JCStressTest
  @Outcome(id = "31, 11, 12", expect = ACCEPTABLE, desc = "Both takes were before the eviction.")
  @Outcome(id = "31, 11, 31", expect = ACCEPTABLE, desc = "The eviction was between the takes.")
  @Outcome(id = "31, 31, 32", expect = ACCEPTABLE, desc = "Both takes were after the eviction.")
  @Outcome(expect = FORBIDDEN, desc = "An evicted key repeats a number, or a floor is too low.")
  @State
  public static class EvictionAgainstTakes {
    private final HashCounters counters = full(0);

    @Actor
    public void evict(JJJ_Result r) {
      r.r1 = counters.take(6, 1, CEILING);
    }

    @Actor
    public void take(JJJ_Result r) {
      r.r2 = counters.take(1, 1, CEILING);
      r.r3 = counters.take(1, 1, CEILING);
    }
  }

  /** Both threads take of the key that is evicted under them. */
  @JCStressTest
  @Outcome(id = "31, 31, 11", expect = ACCEPTABLE, desc = "The other take was before.")
  @Outcome(id = "31, 31, 32", expect = ACCEPTABLE, desc = "The evicting thread took first.")
  @Outcome(id = "31, 32, 31", expect = ACCEPTABLE, desc = "The other thread took first.")
  @Outcome(expect = FORBIDDEN, desc = "A number of the evicted key was taken twice.")
  @State
  public static class TwoTakersOfAnEvictedKey {
    private final HashCounters counters = full(0);

    @Actor
    public void evictAndTake(JJJ_Result r) {
      r.r1 = counters.take(6, 1, CEILING);
      r.r2 = counters.take(1, 1, CEILING);
    }

    @Actor
    public void take(JJJ_Result r) {
      r.r3 = counters.take(1, 1, CEILING);
    }
  }

  /** The floor never goes down: what a look saw is at or below any later look. */
  @JCStressTest
  @Outcome(id = "31, 0, 0", expect = ACCEPTABLE, desc = "Both looks were before the eviction.")
  @Outcome(id = "31, 0, 30", expect = ACCEPTABLE, desc = "The eviction was between the looks.")
  @Outcome(id = "31, 30, 30", expect = ACCEPTABLE, desc = "Both looks were after the eviction.")
  @Outcome(expect = FORBIDDEN, desc = "The floor went down.")
  @State
  public static class EvictionAgainstTheFloor {
    private final HashCounters counters = full(0);

    @Actor
    public void evict(JJJ_Result r) {
      r.r1 = counters.take(6, 1, CEILING);
    }

    @Actor
    public void look(JJJ_Result r) {
      r.r2 = counters.base();
      r.r3 = counters.base();
    }
  }
}
