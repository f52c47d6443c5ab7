package dev.ratchet.bench.row;

import dev.ratchet.bench.floor.EchoFloor;
import dev.ratchet.bench.load.ClosedLoop;
import dev.ratchet.bench.load.NativeLoad;
import dev.ratchet.bench.measure.Finding;
import dev.ratchet.bench.measure.Goal;
import dev.ratchet.bench.measure.Statistics;
import dev.ratchet.bench.micro.JmhRun;
import dev.ratchet.bench.process.Allocated;
import dev.ratchet.bench.process.LocalNodes;
import dev.ratchet.client.ClientConfig;
import dev.ratchet.client.RatchetClient;
import java.io.IOException;
import java.util.List;

/** Row 10: what a call leaves to the garbage collector. */
final class AllocationRow implements Row {
  private static final int USERS = 1_000_000;
  private static final int UNDER_WAY = 1_024;

  /** JMH counts what it allocates itself, in thousandths of a byte a call. */
  private static final double HUNDREDTHS = 100;

  @Override
  public int number() {
    return 10;
  }

  @Override
  public String title() {
    return "bytes allocated by a call: in process (JMH), and in an allocation node over the wire";
  }

  @Override
  public List<Finding> measure(Bench bench) throws IOException, InterruptedException {
    double inProcess = new JmhRun("section", 1, bench.pace()).bytesPerCall();
    Finding direct =
        bench.found(
            Finding.ofFigure(
                "in process",
                "bytes",
                Math.rint(inProcess * HUNDREDTHS) / HUNDREDTHS,
                Goal.atMost(0)));
    try (LocalNodes cluster =
        LocalNodes.start(bench.processes(), bench.home(), bench.work().resolve("allocation"))) {
      cluster.create(EchoFloor.asked());
      try (RatchetClient client = RatchetClient.connect(ClientConfig.of(List.of(cluster.alloc())));
          Allocated allocated = Allocated.in(cluster.allocProcess())) {
        return List.of(direct, bench.found(overTheWire(bench, client, allocated)));
      }
    }
  }

  private static Finding overTheWire(Bench bench, RatchetClient client, Allocated allocated)
      throws InterruptedException {
    ClosedLoop loop =
        new ClosedLoop(NativeLoad.singles(client, EchoFloor.NAMESPACE.name(), USERS), UNDER_WAY);
    loop.run(bench.pace().warmUp()).allWell();
    double[] bytes = new double[bench.pace().pairs()];
    for (int i = 0; i < bytes.length; i++) {
      long before = allocated.bytes();
      long calls = loop.run(bench.pace().run()).allWell().calls();
      bytes[i] = (double) (allocated.bytes() - before) / calls;
    }
    return Finding.ofFigure(
            "over the wire, " + UNDER_WAY + " single calls under way",
            "bytes",
            Statistics.median(bytes),
            Goal.atMost(64))
        .withNote("the client sends calls that wait at the same time in one frame");
  }
}
