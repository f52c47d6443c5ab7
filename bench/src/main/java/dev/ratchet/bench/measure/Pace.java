package dev.ratchet.bench.measure;

import java.time.Duration;

/**
 * How long and how often is measured.
 *
 * @param isQuick whether it is too short to quote
 * @param pairs runs of each side
 * @param run length of one run
 * @param warmUp how long each side is driven before the first run that counts
 */
public record Pace(boolean isQuick, int pairs, Duration run, Duration warmUp) {
  /** For figures that are quoted. */
  public static Pace full() {
    return new Pace(false, 5, Duration.ofSeconds(5), Duration.ofSeconds(10));
  }

  /** For a look while working: fewer and shorter runs, so a wider spread. */
  public static Pace quick() {
    return new Pace(true, 3, Duration.ofSeconds(2), Duration.ofSeconds(3));
  }
}
