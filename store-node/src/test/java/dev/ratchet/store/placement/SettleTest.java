package dev.ratchet.store.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SettleTest {
  private final Settle settle = new Settle(500);

  private static long at(long millis) {
    return Long.MAX_VALUE - 1_000_000_000L + millis * 1_000_000;
  }

  @Test
  void settledBeforeAnybodyCame() {
    assertTrue(settle.isSettled(at(0)));
  }

  @Test
  void waitsSinceTheLastRegister() {
    settle.onRegistered(at(0));
    settle.onRegistered(at(400));
    assertFalse(settle.isSettled(at(899)));
    assertEquals(at(900), settle.settledAt());
    assertTrue(settle.isSettled(at(900)));
  }

  @Test
  void waitsAtMostFiveTimesSinceTheFirst() {
    for (int millis = 0; millis < 2_500; millis += 400) {
      settle.onRegistered(at(millis));
      assertFalse(settle.isSettled(at(millis)));
    }
    assertFalse(settle.isSettled(at(2_499)));
    assertTrue(settle.isSettled(at(2_500)));
  }

  @Test
  void nextBurstWaitsAnew() {
    settle.onRegistered(at(0));
    assertTrue(settle.isSettled(at(500)));
    settle.onRegistered(at(10_000));
    assertFalse(settle.isSettled(at(10_499)));
    assertTrue(settle.isSettled(at(10_500)));
  }

  @Test
  void zeroWaitsNotAtAll() {
    Settle none = new Settle(0);
    none.onRegistered(at(0));
    assertTrue(none.isSettled(at(0)));
  }
}
