package dev.ratchet.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.key.Namespace;
import org.junit.jupiter.api.Test;

class EpochFloorTest {
  private final EpochFloor floor = new EpochFloor();
  private final Namespace namespace = Namespace.string("n", 4, 100).withId(1);

  @Test
  void epochsOnlyGoUpForEachSectionAlone() {
    assertEquals(0, floor.of(1, 2));
    assertTrue(floor.accept(namespace, 2, 5));
    assertTrue(floor.accept(namespace, 2, 5));
    assertFalse(floor.accept(namespace, 2, 4));
    assertEquals(5, floor.of(1, 2));
    assertTrue(floor.accept(namespace, 2, 6));
    assertFalse(floor.accept(namespace, 2, 5));
    assertTrue(floor.accept(namespace, 3, 1));
    assertTrue(floor.accept(Namespace.string("m", 4, 100).withId(2), 2, 1));
  }
}
