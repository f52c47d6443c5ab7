package dev.ratchet.bench.row;

import dev.ratchet.bench.load.NativeLoad;
import dev.ratchet.bench.load.OpenLoop;
import dev.ratchet.bench.measure.Finding;
import dev.ratchet.bench.measure.Goal;
import dev.ratchet.bench.measure.Pairs;
import dev.ratchet.bench.process.LocalNodes;
import dev.ratchet.bench.process.Metrics;
import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.client.ClientConfig;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.key.Namespace;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Row 7: whether anybody notices that ceilings are raised. */
final class RaisesRow implements Row {
  private static final String RAISES = "ratchet_alloc_raises_total";
  private static final String WAITED = "ratchet_alloc_calls_waited_total";

  /** Calls a second, far below what the machine can do: a full one shows its queues, not raises. */
  private static final long RATE = 20_000;

  /** Each in a section of its own, which is raised every {@code step * USERS / RATE} seconds. */
  private static final int USERS = 10;

  @Override
  public int number() {
    return 7;
  }

  @Override
  public String title() {
    return "p99.9 while ceilings are raised, against windows without an end, "
        + RATE
        + " calls/s, timed from when they were due";
  }

  @Override
  public List<Finding> measure(Bench bench) throws IOException, InterruptedException {
    try (LocalNodes cluster =
        LocalNodes.start(bench.processes(), bench.home(), bench.work().resolve("raises"))) {
      cluster.create(Namespace.uid("raised", USERS - 1, 1, Namespace.DEFAULT_STEP));
      cluster.create(Namespace.uid("endless", USERS - 1, 1, Limits.MAX_STEP));
      try (RatchetClient client =
          RatchetClient.connect(ClientConfig.of(List.of(cluster.alloc())))) {
        return measure(bench, cluster, client);
      }
    }
  }

  private static List<Finding> measure(Bench bench, LocalNodes cluster, RatchetClient client)
      throws IOException, InterruptedException {
    OpenLoop raised = new OpenLoop(NativeLoad.singles(client, "raised", USERS), RATE);
    OpenLoop endless = new OpenLoop(NativeLoad.singles(client, "endless", USERS), RATE);
    raised.run(bench.pace().warmUp()).allWell();
    endless.run(bench.pace().warmUp()).allWell();
    Metrics before = Metrics.read(cluster.allocAdmin());
    Pairs pairs =
        Pairs.measure(
            bench.pace().pairs(),
            () -> raised.run(bench.pace().run()).allWell().p999(),
            () -> endless.run(bench.pace().run()).allWell().p999());
    Metrics after = Metrics.read(cluster.allocAdmin());
    double raises = after.sum(RAISES) - before.sum(RAISES);
    if (raises < 1) {
      throw new CliException(ExitCode.FAILED, "no ceiling was raised: this run shows nothing");
    }
    double waited = after.sum(WAITED) - before.sum(WAITED);
    String note = String.format(Locale.ROOT, "%.0f raises in these runs", raises);
    return List.of(
        bench.found(Finding.ofPairs("p99.9", "µs", pairs, Goal.atMost(1.1)).withNote(note)),
        bench.found(
            Finding.ofFigure("calls that waited for a raise", "calls", waited, Goal.atMost(0))));
  }
}
