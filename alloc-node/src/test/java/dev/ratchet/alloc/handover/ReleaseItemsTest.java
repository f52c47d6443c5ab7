package dev.ratchet.alloc.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.alloc.section.CounterMemory;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.ReleaseItem;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReleaseItemsTest {
  private final Section section =
      Section.granted(
          Namespace.string("s", 1, 10).withId(1), 0, 3, 100, 1_000_000, new CounterMemory(1 << 24));

  @Test
  void aSectionNobodyUsedIsOneItemWithoutPositions() {
    ReleaseItem item = ReleaseItems.of(section).get(0);
    assertEquals(new ReleaseItem(1, 0, 3, 1_000_000, 0, item.positions(), true, 100), item);
    assertEquals(0, item.positions().length);
  }

  /** The store would refuse them for ever. */
  @Test
  void positionsPastTheLimitAreSkippedOverInsteadOfSent() {
    for (long key = 0; key < 40_000; key++) {
      section.load(key * 0x9E3779B97F4A7C15L, 101 + key);
    }
    List<ReleaseItem> items = ReleaseItems.of(section);
    assertTrue(items.size() > 1);
    assertEquals(items.size(), ReleaseItems.of(section, items.size()).size());
    ReleaseItem only = ReleaseItems.of(section, items.size() - 1).get(0);
    assertEquals(0, only.positions().length);
    assertEquals(1_000_000, only.base(), "all of the window counts as issued");
    assertTrue(only.last());
  }
}
