package dev.ratchet.bench.row;

import dev.ratchet.bench.measure.Finding;
import dev.ratchet.bench.measure.Goal;
import dev.ratchet.bench.measure.Pairs;
import dev.ratchet.bench.process.RatchetServer;
import dev.ratchet.bench.process.ServerProcess;
import dev.ratchet.bench.resp.RedisBenchmark;
import dev.ratchet.bench.resp.RespLoad;
import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * Pairs of runs of redis-benchmark against {@code ratchet dev} and against another server. Both
 * live all the time; what the idle cluster takes from the other's runs is measured and told.
 */
final class RespPairs {
  private static final double NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

  private final Bench bench;
  private final RedisBenchmark benchmark;
  private final RatchetServer ours;
  private final HostPort rival;
  private double idleCpuSeconds;
  private double rivalSeconds;

  RespPairs(Bench bench, RatchetServer ours, HostPort rival) {
    this.bench = bench;
    this.benchmark = new RedisBenchmark(bench.programs());
    this.ours = ours;
    this.rival = rival;
  }

  /** Measures at one depth. */
  Finding measure(int depth, double goal) throws IOException, InterruptedException {
    RespLoad ourLoad = new RespLoad(benchmark, ours.resp(), depth, bench.pace());
    RespLoad rivalLoad = new RespLoad(benchmark, rival, depth, bench.pace());
    ourLoad.warmUp();
    rivalLoad.warmUp();
    idleCpuSeconds = 0;
    rivalSeconds = 0;
    Pairs pairs =
        Pairs.measure(bench.pace().pairs(), () -> ourRun(ourLoad), () -> rivalRun(rivalLoad));
    String note =
        String.format(
            Locale.ROOT,
            "while the other was measured, the idle cluster took %.0f %% of a core",
            100 * idleCpuSeconds / rivalSeconds);
    return bench.found(
        Finding.ofPairs("depth " + depth, "commands/s", pairs, Goal.atLeast(goal)).withNote(note));
  }

  /** A refusal is fast too: what the nodes have issued must be what was asked for. */
  private double ourRun(RespLoad load) throws IOException, InterruptedException {
    long before = ours.numbers();
    double rate = load.measure();
    long issued = ours.numbers() - before;
    if (issued < load.requests()) {
      throw new CliException(
          ExitCode.FAILED,
          "of "
              + load.requests()
              + " commands only "
              + issued
              + " got a number; see the log of dev");
    }
    return rate;
  }

  private double rivalRun(RespLoad load) throws IOException, InterruptedException {
    ServerProcess idle = ours.process();
    double cpu = idle.cpuSeconds();
    long begin = System.nanoTime();
    double rate = load.measure();
    rivalSeconds += (System.nanoTime() - begin) / NANOS_PER_SECOND;
    idleCpuSeconds += idle.cpuSeconds() - cpu;
    return rate;
  }
}
