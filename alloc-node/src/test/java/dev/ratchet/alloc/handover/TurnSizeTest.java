package dev.ratchet.alloc.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TurnSizeTest {
  private static final int LEAST = 10;
  private static final int MOST = 80;

  private final TurnSize turns = new TurnSize(LEAST, MOST);

  private void took(long nanos, int times) {
    for (int i = 0; i < times; i++) {
      turns.took(nanos);
    }
  }

  @Test
  void growsWhileTurnsAreShortUpToItsBound() {
    assertEquals(LEAST, turns.sections());
    took(TurnSize.LONG_NANOS / 2 - 1, 1);
    assertEquals(2 * LEAST, turns.sections());
    took(0, 10);
    assertEquals(MOST, turns.sections());
  }

  @Test
  void shrinksWhileTurnsAreLongDownToItsBound() {
    took(0, 10);
    took(TurnSize.LONG_NANOS + 1, 1);
    assertEquals(MOST / 2, turns.sections());
    took(Long.MAX_VALUE, 10);
    assertEquals(LEAST, turns.sections());
  }

  @Test
  void staysWhereTurnsAreNeitherLongNorShort() {
    took(0, 1);
    took(TurnSize.LONG_NANOS / 2, 3);
    took(TurnSize.LONG_NANOS, 3);
    assertEquals(2 * LEAST, turns.sections());
  }
}
