package dev.ratchet.cli.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistoryCheckTest {
  private static Issued call(int target, long called, long returned, long number) {
    return new Issued(target, called, returned, number);
  }

  private static HistoryCheck check(Issued... calls) {
    return HistoryCheck.of(List.of(calls));
  }

  @Test
  void numbersInOrderAreRight() {
    HistoryCheck check = check(call(1, 1, 2, 1), call(1, 3, 4, 2), call(1, 5, 6, 9));
    assertTrue(check.unique());
    assertTrue(check.rising());
  }

  @Test
  void callsAtTheSameTimeMayGetTheirNumbersInAnyOrder() {
    assertTrue(check(call(1, 1, 4, 2), call(1, 2, 3, 1)).rising());
    assertTrue(check(call(1, 1, 3, 2), call(1, 2, 4, 1)).rising());
  }

  @Test
  void targetsAreJudgedEachByItself() {
    HistoryCheck check = check(call(1, 1, 2, 5), call(2, 3, 4, 5), call(2, 5, 6, 6));
    assertTrue(check.unique());
    assertTrue(check.rising());
  }

  @Test
  void aNumberGivenTwiceIsFound() {
    HistoryCheck check = check(call(1, 1, 3, 7), call(1, 2, 4, 7));
    assertFalse(check.unique());
    assertEquals("number 7 was given twice", check.repeated());
    assertTrue(check.rising(), "they overlapped");
  }

  @Test
  void aNumberThatFellIsFoundHoweverFarApart() {
    HistoryCheck check =
        check(call(1, 1, 2, 10), call(1, 3, 4, 11), call(1, 5, 6, 12), call(1, 7, 8, 3));
    assertTrue(check.unique());
    assertFalse(check.rising());
    assertEquals("a call got 3 after another had returned with 12", check.fallen());
  }

  @Test
  void aFallBehindACallStillUnderWayIsFound() {
    // 20 is under way from beginning to end; 5 falls behind the 10 that returned meanwhile.
    assertFalse(check(call(1, 1, 9, 20), call(1, 2, 3, 10), call(1, 4, 5, 5)).rising());
    assertTrue(check(call(1, 1, 9, 20), call(1, 2, 3, 10), call(1, 4, 5, 15)).rising());
  }

  @Test
  void randomHistoriesOfARightServerPassAndEachSeededFaultIsFound() {
    long seed = Long.getLong("ratchet.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      List<Issued> right = rightHistory(random);
      HistoryCheck good = HistoryCheck.of(shuffled(right, random));
      assertTrue(good.unique() && good.rising(), "-Dratchet.seed=" + seed + ": " + good);
      HistoryCheck repeated = HistoryCheck.of(shuffled(withRepeat(right), random));
      assertFalse(repeated.unique(), "-Dratchet.seed=" + seed);
      HistoryCheck fallen = HistoryCheck.of(shuffled(withFall(right), random));
      assertFalse(fallen.rising(), "-Dratchet.seed=" + seed);
    }
  }

  /** Calls with overlaps that take effect, each between its call and return, in rising order. */
  private static List<Issued> rightHistory(Random random) {
    List<Issued> history = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      long effect = 1_000L * (i + 1);
      long before = random.nextInt(5_000);
      long after = random.nextInt(5_000);
      history.add(call(i % 2, effect - before, effect + after, 3L * i + 1));
    }
    return history;
  }

  private static List<Issued> shuffled(List<Issued> history, Random random) {
    List<Issued> shuffled = new ArrayList<>(history);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  private static List<Issued> withRepeat(List<Issued> right) {
    List<Issued> wrong = new ArrayList<>(right);
    Issued last = right.get(right.size() - 1);
    wrong.add(call(last.target(), last.returned() + 1, last.returned() + 2, last.number()));
    return wrong;
  }

  /** What a server does that lost its memory: a number never given, below those that were. */
  private static List<Issued> withFall(List<Issued> right) {
    List<Issued> wrong = new ArrayList<>(right);
    Issued last = right.get(right.size() - 1);
    wrong.add(call(last.target(), last.returned() + 1, last.returned() + 2, last.number() - 1));
    return wrong;
  }
}
