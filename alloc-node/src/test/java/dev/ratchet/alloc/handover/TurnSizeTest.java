package dev.ratchet.alloc.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TurnSizeTest {
  private final TurnSize turns = new TurnSize();

  private void took(long nanos, int times) {
    for (int i = 0; i < times; i++) {
      turns.took(nanos);
    }
  }

  @Test
  void growsWhileTurnsAreShortUpToItsBound() {
    assertEquals(TurnSize.LEAST, turns.size());
    took(TurnSize.LONG_NANOS / 2 - 1, 1);
    assertEquals(2 * TurnSize.LEAST, turns.size());
    took(0, 10);
    assertEquals(TurnSize.MOST, turns.size());
  }

  @Test
  void shrinksWhileTurnsAreLongDownToItsBound() {
    took(0, 10);
    took(TurnSize.LONG_NANOS + 1, 1);
    assertEquals(TurnSize.MOST / 2, turns.size());
    took(Long.MAX_VALUE, 10);
    assertEquals(TurnSize.LEAST, turns.size());
  }

  @Test
  void staysWhereTurnsAreNeitherLongNorShort() {
    took(0, 1);
    took(TurnSize.LONG_NANOS / 2, 3);
    took(TurnSize.LONG_NANOS, 3);
    assertEquals(2 * TurnSize.LEAST, turns.size());
  }
}
