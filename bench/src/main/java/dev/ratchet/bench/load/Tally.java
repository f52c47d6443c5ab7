package dev.ratchet.bench.load;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/** Latencies and failures of a load as they come in. Thread-safe. */
final class Tally {
  /** Longest latency told apart from longer ones; above any deadline of the client. */
  private static final long HIGHEST_NANOS = 60_000_000_000L;

  private static final int DIGITS = 3;

  private final Recorder latencies = new Recorder(HIGHEST_NANOS, DIGITS);
  private final LongAdder failures = new LongAdder();
  private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();

  void add(long nanos, @Nullable Throwable failure) {
    if (failure == null) {
      latencies.recordValue(Math.min(Math.max(nanos, 0), HIGHEST_NANOS));
    } else {
      failures.increment();
      first.compareAndSet(null, failure);
    }
  }

  LoadResult result(long elapsedNanos) {
    Histogram all = latencies.getIntervalHistogram();
    return LoadResult.of(all, failures.sum(), first.get(), elapsedNanos);
  }
}
