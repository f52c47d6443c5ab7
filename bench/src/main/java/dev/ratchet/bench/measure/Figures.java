package dev.ratchet.bench.measure;

import java.util.Locale;

/** Figures as people read them. */
public final class Figures {
  private static final double GROUPED = 1_000;
  private static final double WHOLE = 100;
  private static final double ONE_DIGIT = 10;

  private Figures() {}

  /** About three digits where there are fewer, all of them where there are more, in English. */
  public static String text(double figure) {
    double size = Math.abs(figure);
    if (size >= GROUPED) {
      return String.format(Locale.ROOT, "%,.0f", figure);
    }
    if (figure == Math.rint(figure) || size >= WHOLE) {
      return String.format(Locale.ROOT, "%.0f", figure);
    }
    return String.format(Locale.ROOT, size >= ONE_DIGIT ? "%.1f" : "%.2f", figure);
  }
}
