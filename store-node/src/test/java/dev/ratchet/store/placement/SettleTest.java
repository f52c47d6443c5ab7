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

  private boolean comes(long millis) {
    return settle.passes(at(millis), true);
  }

  private boolean passes(long millis) {
    return settle.passes(at(millis), false);
  }

  @Test
  void passesBeforeAnybodyCame() {
    assertTrue(passes(0));
  }

  @Test
  void waitsSinceTheLastRegister() {
    assertFalse(comes(0));
    assertFalse(comes(400));
    assertFalse(passes(899));
    assertEquals(at(900), settle.settledAt());
    assertTrue(passes(900));
  }

  @Test
  void whoComesBeforeTheEndWasNoticedProlongsTheWait() {
    assertFalse(comes(0));
    assertFalse(comes(600));
    assertFalse(passes(1_099));
    assertTrue(passes(1_100));
  }

  @Test
  void waitsAtMostFiveTimesSinceTheFirst() {
    for (int millis = 0; millis < 2_500; millis += 400) {
      assertFalse(comes(millis));
    }
    assertFalse(passes(2_499));
    assertTrue(passes(2_500));
  }

  @Test
  void atTheBoundOneLookPassesThoughOthersJustCame() {
    for (int millis = 0; millis < 2_500; millis += 400) {
      assertFalse(comes(millis));
    }
    assertTrue(comes(2_600));
    assertFalse(comes(3_000));
  }

  @Test
  void nextBurstWaitsAnew() {
    assertFalse(comes(0));
    assertTrue(passes(500));
    assertFalse(comes(10_000));
    assertFalse(passes(10_499));
    assertTrue(passes(10_500));
  }

  @Test
  void zeroWaitsNotAtAll() {
    assertTrue(new Settle(0).passes(at(0), true));
  }
}
