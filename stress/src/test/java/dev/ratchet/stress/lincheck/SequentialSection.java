package dev.ratchet.stress.lincheck;

import dev.ratchet.alloc.section.Section;
import java.util.HashMap;
import java.util.Map;

/** The same operations by one thread at a time: what all orders must look like. */
public final class SequentialSection {
  private final Map<Integer, Long> lasts = new HashMap<>();
  private long ceiling = SectionAllocation.FIRST_CEILING;

  public long take(int key, int count) {
    long last = last(key);
    if (last + count > ceiling) {
      return Section.ABOVE_CEILING;
    }
    lasts.put(key, last + count);
    return last + 1;
  }

  public long last(int key) {
    return lasts.getOrDefault(key, 0L);
  }

  public void raise() {
    ceiling += SectionAllocation.STEP;
  }
}
