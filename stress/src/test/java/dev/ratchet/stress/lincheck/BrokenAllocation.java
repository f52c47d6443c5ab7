package dev.ratchet.stress.lincheck;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/** The negative control: a counter that looks, then sets. */
@Param(name = "key", gen = IntGen.class, conf = "0:1")
@Param(name = "count", gen = IntGen.class, conf = "1:3")
@SuppressWarnings("NonAtomicVolatileUpdate") // that is its fault
public class BrokenAllocation {
  private volatile long[] lasts = new long[2];
  private volatile long ceiling = SectionAllocation.FIRST_CEILING;

  @Operation
  public long take(@Param(name = "key") int key, @Param(name = "count") int count) {
    long last = last(key);
    if (last + count > ceiling) {
      return dev.ratchet.alloc.section.Section.ABOVE_CEILING;
    }
    long[] next = lasts.clone();
    next[key] = last + count;
    lasts = next;
    return last + 1;
  }

  @Operation
  public long last(@Param(name = "key") int key) {
    return lasts[key];
  }

  @Operation(nonParallelGroup = "control")
  public void raise() {
    ceiling = ceiling + SectionAllocation.STEP;
  }
}
