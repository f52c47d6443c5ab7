package dev.ratchet.store.placement;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class QuotasTest {
  /** With all nodes in one zone, which then always has its share. */
  private static int[][] quotas(int[][] counts) {
    return Quotas.of(counts, new int[counts.length == 0 ? 0 : counts[0].length]);
  }

  @Test
  void whatDiffersByOneIsLeftAlone() {
    int[][] counts = {{3, 4, 3}, {1, 0, 1}};
    int[][] quotas = quotas(counts);
    assertSame(counts[0], quotas[0]);
    assertSame(counts[1], quotas[1]);
  }

  @Test
  void newNodeGetsItsShareAndNobodyElseGetsMore() {
    assertArrayEquals(new int[] {4, 3, 3}, quotas(new int[][] {{5, 5, 0}})[0]);
    assertArrayEquals(new int[] {3, 4, 3}, quotas(new int[][] {{3, 7, 0}})[0]);
  }

  @Test
  void manySmallNamespacesAreSharedToo() {
    int[][] counts = {{1, 0}, {1, 0}, {1, 0}, {1, 0}};
    int[][] quotas = quotas(counts);
    assertEquals(2, Arrays.stream(quotas).mapToInt(row -> row[0]).sum());
    assertEquals(2, Arrays.stream(quotas).mapToInt(row -> row[1]).sum());
  }

  @Test
  void noNodesAndNoNamespacesNeedNothing() {
    assertEquals(0, quotas(new int[0][]).length);
    assertEquals(0, quotas(new int[1][0])[0].length);
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
    int[] zones = random.ints(nodes, 0, 1 + random.nextInt(nodes)).toArray();
    while (moveOne(counts, Quotas.of(counts, zones), random)) {
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
    assertZones(totals, zones);
  }

  /** No zone has a whole section above its share, nor is a zone with room one below. */
  private static void assertZones(int[] totals, int[] zones) {
    int sections = Arrays.stream(totals).sum();
    for (int zone : zones) {
      int[] of = IntStream.range(0, zones.length).filter(node -> zones[node] == zone).toArray();
      double share = (double) sections * of.length / zones.length;
      int has = Arrays.stream(of).map(node -> totals[node]).sum();
      assertTrue(
          Math.abs(has - share) < 1,
          () -> "zone " + zone + " of " + Arrays.toString(zones) + ": " + Arrays.toString(totals));
    }
  }

  @Test
  void aZoneAboveItsShareGivesToOneThatHasRoom() {
    int[][] counts = {{2, 2, 1, 1}};
    assertSame(counts[0], Quotas.of(counts, new int[] {0, 1, 0, 1})[0]);
    int[] quota = Quotas.of(counts, new int[] {0, 0, 1, 1})[0];
    assertEquals(3, quota[0] + quota[1]);
    assertEquals(3, quota[2] + quota[3]);
  }

  @Test
  void sharesOfZonesGoByTheirNodes() {
    int[][] counts = {{2, 2, 2, 1}};
    int[] quota = Quotas.of(counts, new int[] {0, 0, 0, 1})[0];
    assertEquals(2, quota[3], "5.25 and 1.75 are the shares");
    int[][] fair = {{2, 2, 1, 2}};
    assertSame(fair[0], Quotas.of(fair, new int[] {0, 0, 0, 1})[0]);
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
