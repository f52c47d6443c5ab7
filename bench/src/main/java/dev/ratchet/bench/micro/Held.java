package dev.ratchet.bench.micro;

import dev.ratchet.alloc.section.CounterMemory;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.alloc.section.SectionTable;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.key.Namespace;

/** Sections as an allocation node holds them, without a node around them. */
final class Held {
  private static final long EPOCH = 1;
  private static final long MEMORY_BYTES = 4L << 30;

  private Held() {}

  /** A {@code uid} namespace as a store has it. */
  static Namespace namespace(int sections, long sectionSize) {
    return Namespace.uid("bench", sections * sectionSize - 1, sectionSize, Namespace.DEFAULT_STEP)
        .withId(1);
  }

  /** All sections of a namespace, with ceilings that no benchmark reaches. */
  static SectionTable table(Namespace namespace) {
    return table(namespace, new CounterMemory(MEMORY_BYTES));
  }

  /** The same, with counters that take from this memory. */
  static SectionTable table(Namespace namespace, CounterMemory memory) {
    SectionTable table = new SectionTable();
    for (int i = 0; i < namespace.sectionCount(); i++) {
      table.put(Section.granted(namespace, i, EPOCH, 0, Limits.MAX_NUMBER, memory));
    }
    return table;
  }
}
