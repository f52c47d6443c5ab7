package dev.ratchet.bench.measure;

import java.util.Arrays;

/** Figures about a handful of runs. */
public final class Statistics {
  private Statistics() {}

  /**
   * The middle one, or half of the two in the middle added.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static double median(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no value has no median");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
