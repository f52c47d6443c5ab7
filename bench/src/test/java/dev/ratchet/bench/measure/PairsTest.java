package dev.ratchet.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairsTest {
  @Test
  void theMedianIsTheMiddleOneOrBetweenTheTwoInTheMiddle() {
    assertEquals(3, Statistics.median(9, 3, 1));
    assertEquals(2.5, Statistics.median(4, 1, 3, 2));
    assertEquals(7, Statistics.median(7));
    assertThrows(IllegalArgumentException.class, Statistics::median);
  }

  @Test
  void theMedianLeavesTheRunsInTheirOrder() {
    double[] runs = {3, 1, 2};
    double middle = Statistics.median(runs);
    assertEquals(2, middle);
    assertEquals(3, runs[0]);
  }

  @Test
  void theRatioIsTheMedianOfTheRatiosNotTheRatioOfTheMedians() {
    Pairs pairs =
        new Pairs(List.of(new Pairs.Pair(10, 10), new Pairs.Pair(20, 40), new Pairs.Pair(90, 30)));
    assertEquals(20, pairs.ours());
    assertEquals(30, pairs.rival());
    assertEquals(1, pairs.ratio());
    assertEquals(0.5, pairs.lowest());
    assertEquals(3, pairs.highest());
  }

  @Test
  void whoGoesFirstAlternates() throws Exception {
    List<String> order = new ArrayList<>();
    Pairs pairs =
        Pairs.measure(
            3,
            () -> {
              order.add("ours");
              return 2;
            },
            () -> {
              order.add("rival");
              return 4;
            });
    assertEquals(List.of("ours", "rival", "rival", "ours", "ours", "rival"), order);
    assertEquals(0.5, pairs.highest());
    assertEquals(0.5, pairs.lowest());
  }

  @Test
  void noPairIsNoMeasurement() {
    assertThrows(IllegalArgumentException.class, () -> new Pairs(List.of()));
  }

  @Test
  void aGoalIsMetAtItsBound() {
    assertTrue(Goal.atLeast(1.5).isMetBy(1.5));
    assertFalse(Goal.atLeast(1.5).isMetBy(1.49));
    assertTrue(Goal.atMost(20).isMetBy(20));
    assertFalse(Goal.atMost(20).isMetBy(20.1));
  }

  @Test
  void whatIsNoNumberMeetsNoGoal() {
    assertFalse(Goal.atLeast(0).isMetBy(Double.NaN));
    assertFalse(Goal.atMost(0).isMetBy(Double.NaN));
  }

  @Test
  void figuresHaveAboutThreeDigits() {
    assertEquals("1,234,568", Figures.text(1_234_567.8));
    assertEquals("123", Figures.text(123.4));
    assertEquals("12.3", Figures.text(12.34));
    assertEquals("0.90", Figures.text(0.9));
    assertEquals("0", Figures.text(0));
  }
}
