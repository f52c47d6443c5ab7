package dev.ratchet.alloc.section;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CounterMemoryTest {
  @Test
  void bytesPastTheLimitAreRefusedAndNotTaken() {
    CounterMemory memory = new CounterMemory(100);
    assertTrue(memory.tryReserve(100));
    assertFalse(memory.tryReserve(1));
    assertEquals(100, memory.usedBytes());
    memory.release(1);
    assertTrue(memory.tryReserve(1));
  }

  @Test
  void whatCannotBeDoneWithoutGoesPastTheLimit() {
    CounterMemory memory = new CounterMemory(10);
    memory.reserve(50);
    assertEquals(50, memory.usedBytes());
    assertFalse(memory.tryReserve(1));
    memory.release(50);
    assertEquals(0, memory.usedBytes());
    assertEquals(10, memory.limitBytes());
  }
}
