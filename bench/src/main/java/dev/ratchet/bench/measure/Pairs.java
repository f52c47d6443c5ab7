package dev.ratchet.bench.measure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Runs of ours and of what it is compared with, in turn. What slows the machine for a while slows
 * both runs of a pair, and takes less from their ratio than from either figure.
 */
public record Pairs(List<Pair> all) {
  public Pairs {
    if (all.isEmpty()) {
      throw new IllegalArgumentException("no pair was measured");
    }
    all = List.copyOf(all);
  }

  /** One run of each, one right after the other. */
  public record Pair(double ours, double rival) {
    /** How many times the rival's figure ours is. */
    public double ratio() {
      return ours / rival;
    }
  }

  /** One run; gives its figure. */
  @FunctionalInterface
  public interface Run {
    double measure() throws IOException, InterruptedException;
  }

  /** Measures so many pairs; ours goes first in every other one. */
  public static Pairs measure(int count, Run ours, Run rival)
      throws IOException, InterruptedException {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (i % 2 == 0) {
        double first = ours.measure();
        pairs.add(new Pair(first, rival.measure()));
      } else {
        double first = rival.measure();
        pairs.add(new Pair(ours.measure(), first));
      }
    }
    return new Pairs(pairs);
  }

  /** Median of our runs. */
  public double ours() {
    return median(Pair::ours);
  }

  /** Median of the rival's runs. */
  public double rival() {
    return median(Pair::rival);
  }

  /** Median of the ratios of the pairs. */
  public double ratio() {
    return median(Pair::ratio);
  }

  /** The smallest ratio. */
  public double lowest() {
    return all.stream().mapToDouble(Pair::ratio).min().orElseThrow();
  }

  /** The largest ratio. */
  public double highest() {
    return all.stream().mapToDouble(Pair::ratio).max().orElseThrow();
  }

  private double median(ToDoubleFunction<Pair> figure) {
    return Statistics.median(all.stream().mapToDouble(figure).toArray());
  }
}
