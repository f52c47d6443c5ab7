package dev.ratchet.store.placement;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How many sections of each namespace each node should have. The rule, in three steps, each taken
 * only when the one before has nothing left to do:
 *
 * <ol>
 *   <li>of one namespace, no node has two more sections than another;
 *   <li>of all namespaces together, no node has two more sections than another;
 *   <li>of all namespaces together, no zone has a section more than its share, which is by its
 *       number of nodes: a zone that has one above gives to one that is below.
 * </ol>
 *
 * <p>What differs by one or less is left alone. Every single move towards a quota, alone, lowers
 * the sum of squares of the counts that its step looks at and raises none of the step before; so
 * any part of the moves may be carried out before asking again, and it comes to an end and stays
 * there. Stateless.
 */
final class Quotas {
  /** Most moves that the second step asks for at a time; the next time goes on. */
  static final int MAX_SWAPS = 4_096;

  private Quotas() {}

  /**
   * The quotas for counts of sections by namespace and node.
   *
   * @param zones by node, the number of its zone, from 0
   * @return new rows where something should change, the same rows where not
   */
  static int[][] of(int[][] counts, int[] zones) {
    int[] totals = totals(counts);
    int[][] quotas = counts.clone();
    boolean level = true;
    for (int i = 0; i < counts.length; i++) {
      if (spread(counts[i]) > 1) {
        quotas[i] = level(counts[i], totals);
        level = false;
      }
    }
    if (level && spread(totals) > 1) {
      levelTotals(quotas, totals);
    } else if (level) {
      levelZones(quotas, totals, zones);
    }
    return quotas;
  }

  /** Fewest moves that bring a namespace within one: the larger shares go to who has them. */
  private static int[] level(int[] counts, int[] totals) {
    int nodes = counts.length;
    int sum = Arrays.stream(counts).sum();
    int floor = sum / nodes;
    int larger = sum % nodes;
    int[] order =
        IntStream.range(0, nodes)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(node -> -Math.min(counts[node], floor + 1))
                    .thenComparingInt(node -> totals[node] - counts[node]))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] quota = new int[nodes];
    for (int rank = 0; rank < nodes; rank++) {
      int node = order[rank];
      quota[node] = rank < larger ? floor + 1 : floor;
      totals[node] += quota[node] - counts[node];
    }
    return quota;
  }

  /** Trades larger shares of namespaces for smaller ones, from the node with most to the least. */
  private static void levelTotals(int[][] quotas, int[] totals) {
    int[][] original = quotas.clone();
    for (int swaps = 0; swaps < MAX_SWAPS && spread(totals) > 1; swaps++) {
      int most = 0;
      int least = 0;
      for (int node = 1; node < totals.length; node++) {
        most = totals[node] > totals[most] ? node : most;
        least = totals[node] < totals[least] ? node : least;
      }
      trade(quotas, original, totals, most, least);
    }
  }

  /** Takes a larger share from a node with more sections in all, and gives it to one with fewer. */
  private static void trade(int[][] quotas, int[][] original, int[] totals, int more, int fewer) {
    int namespace = 0;
    while (quotas[namespace][more] <= quotas[namespace][fewer]) {
      namespace++; // there is one: the sums over all namespaces differ
    }
    if (quotas[namespace] == original[namespace]) {
      quotas[namespace] = quotas[namespace].clone();
    }
    quotas[namespace][more]--;
    quotas[namespace][fewer]++;
    totals[more]--;
    totals[fewer]++;
  }

  /**
   * One trade from the zone that is furthest above its share to the one furthest below, if they are
   * more than a section apart; the next time goes on. The first then has a node with a larger total
   * than one of the second: were all its nodes at the smaller total, it would not be above.
   */
  private static void levelZones(int[][] quotas, int[] totals, int[] zones) {
    int nodes = totals.length;
    if (nodes == 0) {
      return;
    }
    long all = Arrays.stream(totals).asLongStream().sum();
    long[] excess = new long[Arrays.stream(zones).max().orElse(0) + 1]; // times `nodes`
    for (int node = 0; node < nodes; node++) {
      excess[zones[node]] += (long) totals[node] * nodes - all;
    }
    int above = 0;
    int below = 0;
    for (int zone = 1; zone < excess.length; zone++) {
      above = excess[zone] > excess[above] ? zone : above;
      below = excess[zone] < excess[below] ? zone : below;
    }
    if (excess[above] - excess[below] <= nodes) {
      return;
    }
    int more = -1;
    int fewer = -1;
    for (int node = 0; node < nodes; node++) {
      more = zones[node] == above && (more < 0 || totals[node] > totals[more]) ? node : more;
      fewer = zones[node] == below && (fewer < 0 || totals[node] < totals[fewer]) ? node : fewer;
    }
    trade(quotas, quotas.clone(), totals, more, fewer);
  }

  private static int[] totals(int[][] counts) {
    int[] totals = new int[counts.length == 0 ? 0 : counts[0].length];
    for (int[] row : counts) {
      for (int node = 0; node < totals.length; node++) {
        totals[node] += row[node];
      }
    }
    return totals;
  }

  private static int spread(int[] counts) {
    if (counts.length == 0) {
      return 0;
    }
    int most = counts[0];
    int least = counts[0];
    for (int count : counts) {
      most = Math.max(most, count);
      least = Math.min(least, count);
    }
    return most - least;
  }
}
