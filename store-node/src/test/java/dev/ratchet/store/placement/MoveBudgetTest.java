package dev.ratchet.store.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MoveBudgetTest {
  private static final long START = Long.MAX_VALUE - 1_000_000_000L;

  private static long at(long millis) {
    return START + millis * 1_000_000;
  }

  @Test
  void beginsWithOneSecondsWorth() {
    assertEquals(100, new MoveBudget(100, START).available(START));
  }

  @Test
  void earnsByTimeAndKeepsTheRest() {
    MoveBudget budget = new MoveBudget(100, START);
    budget.take(100);
    assertEquals(0, budget.available(at(9)));
    assertEquals(1, budget.available(at(10)));
    assertEquals(1, budget.available(at(19)));
    assertEquals(2, budget.available(at(20)));
  }

  @Test
  void neverHoldsMoreThanOneSecondsWorth() {
    MoveBudget budget = new MoveBudget(100, START);
    budget.take(100);
    assertEquals(100, budget.available(at(3_600_000)));
    budget.take(100);
    assertEquals(50, budget.available(at(3_600_500)));
  }

  @Test
  void whatIsNotThereCannotBeTaken() {
    MoveBudget budget = new MoveBudget(100, START);
    assertThrows(IllegalStateException.class, () -> budget.take(101));
  }

  @Property(tries = 200)
  void overAnyTimeNoMoreThanTheRateIsTaken(
      @ForAll @IntRange(min = 1, max = 20_000) int rate,
      @ForAll @IntRange(min = 1, max = 400) int tickMillis) {
    MoveBudget budget = new MoveBudget(rate, START);
    long taken = 0;
    for (long millis = 0; millis <= 10_000; millis += tickMillis) {
      int available = budget.available(at(millis));
      budget.take(available);
      taken += available;
    }
    // One second's worth at the start; the rate is rounded up to whole nanoseconds a move.
    assertTrue(taken <= rate * 11L * 1_001 / 1_000 + 1, "" + taken);
  }
}
