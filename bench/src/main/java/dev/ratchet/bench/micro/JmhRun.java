package dev.ratchet.bench.micro;

import dev.ratchet.bench.measure.Pace;
import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs one method of {@link NextBenchmark} in a fresh JVM. */
public final class JmhRun {
  /** A JVM's optimizing compiler is through with so little code by then. */
  private static final int WARM_UPS = 3;

  private static final int ITERATIONS = 3;
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private final String method;
  private final int threads;
  private final Pace pace;

  /** {@code method}: of {@link NextBenchmark}; {@code threads}: that call it at the same time. */
  public JmhRun(String method, int threads, Pace pace) {
    this.method = method;
    this.threads = threads;
    this.pace = pace;
  }

  /** Calls a second, of all threads together. */
  public double callsPerSecond() {
    return run().getPrimaryResult().getScore();
  }

  /** Bytes allocated by a call. */
  public double bytesPerCall() {
    Map<String, ? extends Result<?>> results = secondary(run());
    for (Map.Entry<String, ? extends Result<?>> result : results.entrySet()) {
      // Some versions put a mark before the name.
      if (result.getKey().endsWith(ALLOCATED)) {
        return result.getValue().getScore();
      }
    }
    throw new CliException(ExitCode.FAILED, "JMH measured no " + ALLOCATED);
  }

  @SuppressWarnings({"rawtypes", "unchecked"}) // JMH's own signature
  private static Map<String, ? extends Result<?>> secondary(RunResult run) {
    return (Map) run.getSecondaryResults();
  }

  private RunResult run() {
    long slice = Math.max(200, pace.run().toMillis() / ITERATIONS);
    Options options =
        new OptionsBuilder()
            .include("\\Q" + NextBenchmark.class.getName() + "." + method + "\\E$")
            .threads(threads)
            .forks(1)
            .warmupIterations(WARM_UPS)
            .warmupTime(TimeValue.milliseconds(pace.warmUp().toMillis() / WARM_UPS / 2))
            .measurementIterations(ITERATIONS)
            .measurementTime(TimeValue.milliseconds(slice))
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build();
    try {
      return new Runner(options).runSingle();
    } catch (RunnerException e) {
      throw new CliException(ExitCode.FAILED, "JMH failed on " + method + ": " + e.getMessage(), e);
    }
  }
}
