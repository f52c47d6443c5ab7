package dev.ratchet.alloc.section;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.Limits;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UidCountersTest {
  private static final long MUCH = 1 << 20;

  private final CounterMemory memory = new CounterMemory(MUCH);

  @Test
  void aFreshUserStartsAboveTheBase() {
    UidCounters counters = new UidCounters(memory, 1_000, 100, 50);
    assertEquals(Counters.NONE, counters.last(1_005));
    assertEquals(51, counters.take(1_005, 1, 100));
    assertEquals(52, counters.take(1_005, 3, 100));
    assertEquals(54, counters.last(1_005));
    assertEquals(Counters.NONE, counters.last(1_006));
  }

  @Test
  void nothingIsTakenAboveTheCeiling() {
    UidCounters counters = new UidCounters(memory, 0, 10, 0);
    assertEquals(Counters.ABOVE_CEILING, counters.take(3, 11, 10));
    assertEquals(1, counters.take(3, 10, 10));
    assertEquals(Counters.ABOVE_CEILING, counters.take(3, 1, 10));
    assertEquals(10, counters.last(3));
  }

  @Test
  void theLastNumberOfAllCanBeTaken() {
    UidCounters counters = new UidCounters(memory, 0, 1, Limits.MAX_NUMBER - 1);
    assertEquals(Limits.MAX_NUMBER, counters.take(0, 1, Limits.MAX_NUMBER));
    assertEquals(Counters.ABOVE_CEILING, counters.take(0, Limits.MAX_COUNT, Limits.MAX_NUMBER));
  }

  @Test
  void theFirstAndTheLastUserOfASectionHaveACounter() {
    int size = 3 * 512 + 1;
    UidCounters counters = new UidCounters(memory, 7_000, size, 0);
    assertEquals(1, counters.take(7_000, 1, 10));
    assertEquals(1, counters.take(7_000 + size - 1, 1, 10));
    assertEquals(1, counters.last(7_000 + size - 1));
  }

  @Test
  void untouchedUsersCostNothing() {
    UidCounters counters = new UidCounters(memory, 0, 100_000, 0);
    assertEquals(0, memory.usedBytes());
    assertEquals(Counters.NONE, counters.last(99_999));
    assertEquals(0, memory.usedBytes());
  }

  @Test
  void positionsComeInAscendingOrderOfUsers() {
    UidCounters counters = new UidCounters(memory, 1_000, 2_000, 0);
    counters.take(2_999, 3, 10);
    counters.take(1_000, 1, 10);
    counters.take(1_600, 2, 10);
    Map<Long, Long> seen = new LinkedHashMap<>();
    counters.forEach(seen::put);
    assertEquals("{1000=1, 1600=2, 2999=3}", seen.toString());
  }

  @Test
  void withoutMemoryANewPageIsRefusedAndAnOldOneServes() {
    CounterMemory little = new CounterMemory(6_000);
    UidCounters counters = new UidCounters(little, 0, 100_000, 0);
    assertEquals(1, counters.take(0, 1, 10));
    assertEquals(Counters.NO_MEMORY, counters.take(90_000, 1, 10));
    assertFalse(counters.load(90_000, 5));
    assertEquals(2, counters.take(1, 1, 10) + counters.take(2, 1, 10));
  }

  @Test
  void pagesAndTheirTableAreAccountedForAndGivenBackWhole() {
    UidCounters counters = new UidCounters(memory, 0, 100_000, 0);
    counters.take(0, 1, 10);
    int pages = 100_000 / 512 + 1;
    assertTrue(memory.usedBytes() >= 512 * 8 + pages * 4L, "used " + memory.usedBytes());
    counters.take(99_999, 1, 10);
    assertTrue(counters.load(50_000, 7));
    counters.discard();
    assertEquals(0, memory.usedBytes());
  }
}
