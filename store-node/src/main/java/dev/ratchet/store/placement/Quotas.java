package dev.ratchet.store.placement;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How many sections of each namespace each node should have. The rule, in two steps, each taken
 * only when the one before has nothing left to do:
 *
 * <ol>
 *   <li>of one namespace, no node has two more sections than another;
 *   <li>of all namespaces together, no node has two more sections than another.
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
   * @return new rows where something should change, the same rows where not
   */
  static int[][] of(int[][] counts) {
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
      int namespace = 0;
      while (quotas[namespace][most] <= quotas[namespace][least]) {
        namespace++; // there is one: the sums over all namespaces differ
      }
      if (quotas[namespace] == original[namespace]) {
        quotas[namespace] = quotas[namespace].clone();
      }
      quotas[namespace][most]--;
      quotas[namespace][least]++;
      totals[most]--;
      totals[least]++;
    }
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
