package dev.ratchet.alloc.section;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.Limits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HashCountersTest {
  private static final long MUCH = 1 << 20;

  private final CounterMemory memory = new CounterMemory(MUCH);

  @Test
  void aFreshKeyStartsAboveTheBase() {
    HashCounters counters = new HashCounters(memory, 100);
    assertEquals(Counters.NONE, counters.last(7));
    assertEquals(101, counters.take(7, 1, 1_000));
    assertEquals(102, counters.take(7, 5, 1_000));
    assertEquals(106, counters.last(7));
  }

  @Test
  void nothingIsTakenAboveTheCeiling() {
    HashCounters counters = new HashCounters(memory, 0);
    assertEquals(Counters.ABOVE_CEILING, counters.take(7, 11, 10));
    assertEquals(Counters.NONE, counters.last(7));
    assertEquals(1, counters.take(7, 10, 10));
    assertEquals(Counters.ABOVE_CEILING, counters.take(7, 1, 10));
    assertEquals(10, counters.last(7));
  }

  @Test
  void theLastNumberOfAllCanBeTaken() {
    HashCounters counters = new HashCounters(memory, Limits.MAX_NUMBER - 1);
    assertEquals(Limits.MAX_NUMBER, counters.take(7, 1, Limits.MAX_NUMBER));
    assertEquals(Counters.ABOVE_CEILING, counters.take(7, Limits.MAX_COUNT, Limits.MAX_NUMBER));
  }

  @Test
  void theHashZeroIsAKeyLikeAnyOther() {
    HashCounters counters = new HashCounters(memory, 0);
    assertEquals(1, counters.take(0, 3, 10));
    assertEquals(3, counters.last(0));
    assertEquals(Map.of(0L, 3L), positions(counters));
  }

  @Test
  void noTwoHashesShareACounter() {
    HashCounters counters = new HashCounters(memory, 0);
    long golden = 0x9E3779B97F4A7C15L;
    assertEquals(1, counters.take(golden, 1, 10));
    assertEquals(1, counters.take(0, 1, 10));
    assertEquals(2, counters.take(golden, 1, 10));
  }

  /** What was above it would be handed out again. */
  @Test
  void aHandedOverNumberFarAboveTheBaseIsLoadedWhole() {
    HashCounters counters = new HashCounters(memory, 0);
    long last = 3L * Integer.MAX_VALUE;
    assertTrue(counters.load(7, last));
    assertEquals(last, counters.last(7));
    assertEquals(last + 1, counters.take(7, 1, Limits.MAX_NUMBER));
  }

  @Test
  void loadingNeverLowersANumber() {
    HashCounters counters = new HashCounters(memory, 0);
    assertTrue(counters.load(7, 50));
    assertTrue(counters.load(7, 40));
    assertEquals(50, counters.last(7));
  }

  @Test
  void positionsComeInAscendingUnsignedOrder() {
    HashCounters counters = new HashCounters(memory, 0);
    long[] keys = {-1, 5, Long.MIN_VALUE, 0, Long.MAX_VALUE, 6};
    for (long key : keys) {
      counters.take(key, 1, 10);
    }
    List<Long> seen = new ArrayList<>();
    counters.forEach((key, last) -> seen.add(key));
    assertEquals(List.of(0L, 5L, 6L, Long.MAX_VALUE, Long.MIN_VALUE, -1L), seen);
  }

  @Test
  void memoryIsGivenBackWhole() {
    HashCounters counters = new HashCounters(memory, 0);
    for (long key = 0; key < 10_000; key++) {
      counters.take(key, 1, 10);
    }
    assertTrue(memory.usedBytes() > 100_000);
    counters.discard();
    assertEquals(0, memory.usedBytes());
  }

  @Test
  void withoutMemoryLowNumbersAreEvictedAndTheirKeysGoOnAboveTheBase() {
    HashCounters counters = new HashCounters(new CounterMemory(0), 0);
    Map<Long, Long> last = new HashMap<>();
    for (int i = 0; i < 5_000; i++) {
      long key = i % 97;
      long first = counters.take(key, 1, Limits.MAX_NUMBER);
      assertTrue(first > last.getOrDefault(key, 0L), "key " + key + " got " + first);
      last.put(key, first);
    }
    assertTrue(counters.base() > 0);
  }

  /** Against a model, through growth and, with little memory, eviction. */
  @Property(tries = 300)
  void numbersRiseAndStayWithinBaseAndCeiling(
      @ForAll @Size(max = 400) List<@LongRange(min = 0, max = 60) Long> keys,
      @ForAll @IntRange(min = 1, max = 9) int count,
      @ForAll @LongRange(min = 0, max = 1_000) long base,
      @ForAll @LongRange(min = 0, max = 2_000) long room,
      @ForAll @LongRange(min = 0, max = 2_000) long bytes) {
    HashCounters counters = new HashCounters(new CounterMemory(bytes), base);
    long ceiling = base + room;
    Map<Long, Long> last = new HashMap<>();
    for (long key : keys) {
      long first = counters.take(key, count, ceiling);
      long floor = Math.max(last.getOrDefault(key, 0L), base);
      if (first == Counters.ABOVE_CEILING) {
        long known = Math.max(counters.last(key), counters.base());
        assertTrue(known + count > ceiling);
      } else {
        assertTrue(first > floor && first + count - 1 <= ceiling);
        last.put(key, first + count - 1);
      }
      assertTrue(counters.base() >= base && counters.base() <= ceiling);
    }
    last.forEach(
        (key, number) ->
            assertTrue(counters.last(key) == number || counters.base() >= number, "key " + key));
  }

  private static Map<Long, Long> positions(Counters counters) {
    Map<Long, Long> seen = new HashMap<>();
    counters.forEach(seen::put);
    return seen;
  }
}
