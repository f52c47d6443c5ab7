package dev.ratchet.stress.lincheck;

import dev.ratchet.alloc.section.CounterMemory;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.proto.key.Namespace;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * What event loops and the control thread do to one section, for Lincheck to order. A take that
 * found the ceiling too low while it was being raised is tried again, as {@code WaitingRoom} does.
 */
@Param(name = "key", gen = IntGen.class, conf = "0:1")
@Param(name = "count", gen = IntGen.class, conf = "1:3")
public abstract class SectionAllocation {
  static final int SECTION_SIZE = 10;
  static final int FIRST_CEILING = 4;
  static final int STEP = 3;

  private final Section section;

  SectionAllocation(Namespace namespace) {
    section = Section.granted(namespace, 0, 1, 0, FIRST_CEILING, new CounterMemory(1 << 20));
  }

  @Operation
  public long take(@Param(name = "key") int key, @Param(name = "count") int count) {
    while (true) {
      long ceiling = section.maxSeq();
      long first = section.take(key, count);
      if (first != Section.ABOVE_CEILING || ceiling == section.maxSeq()) {
        return first;
      }
    }
  }

  @Operation
  public long last(@Param(name = "key") int key) {
    return section.last(key);
  }

  /** On the control thread alone. */
  @Operation(nonParallelGroup = "control")
  public void raise() {
    section.raised(section.maxSeq() + STEP);
  }

  /** Over pages of user ids. */
  public static final class OfUids extends SectionAllocation {
    public OfUids() {
      super(Namespace.uid("n", SECTION_SIZE - 1, SECTION_SIZE, STEP).withId(1));
    }
  }

  /** Over a table of hashes. */
  public static final class OfStrings extends SectionAllocation {
    public OfStrings() {
      super(Namespace.string("n", 1, STEP).withId(1));
    }
  }
}
