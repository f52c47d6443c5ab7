package dev.ratchet.alloc.section;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.ratchet.proto.key.Namespace;
import java.util.List;
import org.junit.jupiter.api.Test;

class SectionTableTest {
  private final Namespace namespace = Namespace.string("s", 4, 20).withId(2);
  private final SectionTable table = new SectionTable();

  private Section section(int index, long epoch) {
    return Section.granted(namespace, index, epoch, 0, 20, new CounterMemory(1 << 20));
  }

  @Test
  void aSectionIsFoundByNamespaceAndIndex() {
    Section section = section(3, 1);
    assertNull(table.put(section));
    assertSame(section, table.get(2, 3));
    assertNull(table.get(2, 0));
    assertNull(table.get(2, 4));
    assertNull(table.get(1, 3));
    assertEquals(List.of(section), table.all());
  }

  @Test
  void aNewerGrantTakesThePlaceOfTheOlder() {
    Section old = section(3, 1);
    Section next = section(3, 2);
    table.put(old);
    assertSame(old, table.put(next));
    assertEquals(1, table.size());
    table.remove(old);
    assertSame(next, table.get(2, 3), "only the section held is let go");
    table.remove(next);
    table.remove(next);
    assertEquals(0, table.size());
  }
}
