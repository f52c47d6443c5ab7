package dev.ratchet.bench.measure;

/**
 * What a figure must reach.
 *
 * @param least whether the bound is the least allowed, else it is the most
 * @param bound the last figure that is still good
 */
public record Goal(boolean least, double bound) {
  /** Good from this figure on upwards. */
  public static Goal atLeast(double bound) {
    return new Goal(true, bound);
  }

  /** Good up to this figure. */
  public static Goal atMost(double bound) {
    return new Goal(false, bound);
  }

  /** Whether the figure is good; one that is no number is not. */
  public boolean isMetBy(double figure) {
    return least ? figure >= bound : figure <= bound;
  }

  @Override
  public String toString() {
    return (least ? "≥ " : "≤ ") + Figures.text(bound);
  }
}
