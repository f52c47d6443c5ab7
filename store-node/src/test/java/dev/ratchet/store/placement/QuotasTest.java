package dev.ratchet.store.placement;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class QuotasTest {
  @Test
  void whatDiffersByOneIsLeftAlone() {
    int[][] counts = {{3, 4, 3}, {1, 0, 1}};
    int[][] quotas = Quotas.of(counts);
    assertSame(counts[0], quotas[0]);
    assertSame(counts[1], quotas[1]);
  }

  @Test
  void newNodeGetsItsShareAndNobodyElseGetsMore() {
    assertArrayEquals(new int[] {4, 3, 3}, Quotas.of(new int[][] {{5, 5, 0}})[0]);
    assertArrayEquals(new int[] {3, 4, 3}, Quotas.of(new int[][] {{3, 7, 0}})[0]);
  }

  @Test
  void manySmallNamespacesAreSharedToo() {
    int[][] counts = {{1, 0}, {1, 0}, {1, 0}, {1, 0}};
    int[][] quotas = Quotas.of(counts);
    assertEquals(2, Arrays.stream(quotas).mapToInt(row -> row[0]).sum());
    assertEquals(2, Arrays.stream(quotas).mapToInt(row -> row[1]).sum());
  }

  @Test
  void noNodesAndNoNamespacesNeedNothing() {
    assertEquals(0, Quotas.of(new int[0][]).length);
    assertEquals(0, Quotas.of(new int[1][0])[0].length);
  }

  /** Any single move of those wanted, and asking anew after it, must still come to an end. */
  @Property(tries = 400)
  void movesOneByOneInAnyOrderEndLevel(@ForAll long seed) {
    Random random = new Random(seed);
    int nodes = 1 + random.nextInt(6);
    int[][] counts = new int[1 + random.nextInt(5)][];
    for (int row = 0; row < counts.length; row++) {
      int most = 1 + random.nextInt(12);
      counts[row] = random.ints(nodes, 0, most).toArray();
    }
    int sections = Arrays.stream(counts).flatMapToInt(Arrays::stream).sum();
    int moves = 0;
    while (moveOne(counts, Quotas.of(counts), random)) {
      moves++;
      assertTrue(moves <= 2 * sections, () -> "no end: " + Arrays.deepToString(counts));
    }
    for (int[] row : counts) {
      assertTrue(spread(row) <= 1, () -> Arrays.deepToString(counts));
    }
    int[] totals = new int[nodes];
    for (int[] row : counts) {
      Arrays.setAll(totals, node -> totals[node] + row[node]);
    }
    assertTrue(spread(totals) <= 1, () -> Arrays.deepToString(counts));
  }

  private static boolean moveOne(int[][] counts, int[][] quotas, Random random) {
    int[] rows =
        random
            .ints(0, counts.length)
            .limit(20L * counts.length)
            .filter(row -> !Arrays.equals(counts[row], quotas[row]))
            .limit(1)
            .toArray();
    if (rows.length == 0) {
      for (int row = 0; row < counts.length; row++) {
        if (!Arrays.equals(counts[row], quotas[row])) {
          rows = new int[] {row};
        }
      }
    }
    if (rows.length == 0) {
      return false;
    }
    int[] count = counts[rows[0]];
    int[] quota = quotas[rows[0]];
    assertEquals(Arrays.stream(count).sum(), Arrays.stream(quota).sum());
    int giver = pick(count, quota, 1, random);
    int receiver = pick(count, quota, -1, random);
    count[giver]--;
    count[receiver]++;
    return true;
  }

  /** A node above (sign 1) or below (sign -1) its quota. */
  private static int pick(int[] count, int[] quota, int sign, Random random) {
    int start = random.nextInt(count.length);
    for (int i = 0; i < count.length; i++) {
      int node = (start + i) % count.length;
      if (Integer.signum(count[node] - quota[node]) == sign) {
        return node;
      }
    }
    throw new AssertionError(Arrays.toString(count) + " for " + Arrays.toString(quota));
  }

  private static int spread(int[] counts) {
    return Arrays.stream(counts).max().orElse(0) - Arrays.stream(counts).min().orElse(0);
  }
}
