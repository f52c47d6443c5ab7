package dev.ratchet.bench.row;

import dev.ratchet.bench.floor.EchoFloor;
import dev.ratchet.bench.measure.Finding;
import dev.ratchet.bench.process.FloorServer;
import dev.ratchet.bench.process.LocalNodes;
import dev.ratchet.client.ClientConfig;
import dev.ratchet.client.RatchetClient;
import java.io.IOException;
import java.util.List;

/** Row 4: an allocation node against the least that a server of the native protocol must do. */
final class NativeRow implements Row {
  private static final double GOAL = 0.85;

  @Override
  public int number() {
    return 4;
  }

  @Override
  public String title() {
    return "native client straight to an allocation node, against a server that only counts";
  }

  @Override
  public List<Finding> measure(Bench bench) throws IOException, InterruptedException {
    try (FloorServer floor =
            FloorServer.start(bench.processes(), EchoFloor.class, LocalNodes.NODE_OPTIONS);
        LocalNodes cluster =
            LocalNodes.start(bench.processes(), bench.home(), bench.work().resolve("native"))) {
      cluster.create(EchoFloor.asked());
      try (RatchetClient ours = RatchetClient.connect(ClientConfig.of(List.of(cluster.alloc())));
          RatchetClient rival = RatchetClient.connect(ClientConfig.of(List.of(floor.address())))) {
        NativePairs pairs = new NativePairs(bench, ours, rival);
        return List.of(pairs.singles(GOAL), pairs.batches(GOAL));
      }
    }
  }
}
