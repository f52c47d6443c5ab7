package dev.ratchet.bench.measure;

import org.jspecify.annotations.Nullable;

/**
 * One line of the table: a figure and whether it is good enough.
 *
 * @param what what was measured
 * @param unit of the runs where there are pairs, else of the figure
 * @param figure what the goal is about: the median ratio of the pairs where there are some
 * @param goal what it must reach
 * @param pairs the runs, or null for a figure that is compared with nothing
 * @param note what a reader must know beside it; may be empty
 */
public record Finding(
    String what, String unit, double figure, Goal goal, @Nullable Pairs pairs, String note) {

  /** Of runs that were compared. */
  public static Finding ofPairs(String what, String unit, Pairs pairs, Goal goal) {
    return new Finding(what, unit, pairs.ratio(), goal, pairs, "");
  }

  /** Of a figure by itself. */
  public static Finding ofFigure(String what, String unit, double figure, Goal goal) {
    return new Finding(what, unit, figure, goal, null, "");
  }

  /** The same with a note. */
  public Finding withNote(String text) {
    return new Finding(what, unit, figure, goal, pairs, text);
  }

  /** Whether the goal is reached. */
  public boolean isMet() {
    return goal.isMetBy(figure);
  }
}
