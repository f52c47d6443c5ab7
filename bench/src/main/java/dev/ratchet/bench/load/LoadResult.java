package dev.ratchet.bench.load;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a load found. Latencies are in microseconds.
 *
 * @param calls that came back well
 * @param failures that did not
 * @param firstFailure one of those, or null
 * @param perSecond calls that came back well, a second
 */
public record LoadResult(
    long calls,
    long failures,
    @Nullable Throwable firstFailure,
    double perSecond,
    double p50,
    double p99,
    double p999,
    double max) {
  private static final double NANOS_PER_MICRO = 1_000;

  static LoadResult of(
      Histogram nanos, long failures, @Nullable Throwable firstFailure, long elapsedNanos) {
    long calls = nanos.getTotalCount();
    return new LoadResult(
        calls,
        failures,
        firstFailure,
        calls * 1e9 / elapsedNanos,
        nanos.getValueAtPercentile(50) / NANOS_PER_MICRO,
        nanos.getValueAtPercentile(99) / NANOS_PER_MICRO,
        nanos.getValueAtPercentile(99.9) / NANOS_PER_MICRO,
        nanos.getMaxValue() / NANOS_PER_MICRO);
  }

  /**
   * This, if every call worked: a server that refuses is fast.
   *
   * @throws CliException that says what failed
   */
  public LoadResult allWell() {
    if (failures > 0) {
      throw new CliException(
          ExitCode.FAILED,
          failures + " of " + (calls + failures) + " calls failed, such as: " + firstFailure);
    }
    return this;
  }
}
