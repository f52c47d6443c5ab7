package dev.ratchet.bench.row;

import dev.ratchet.bench.floor.EchoFloor;
import dev.ratchet.bench.measure.Finding;
import dev.ratchet.bench.process.LocalNodes;
import dev.ratchet.client.ClientConfig;
import dev.ratchet.client.RatchetClient;
import java.io.IOException;
import java.util.List;

/** Row 5: what the hop over a router costs. */
final class RouterRow implements Row {
  private static final double SINGLES_GOAL = 0.6;
  private static final double BATCHES_GOAL = 0.8;

  @Override
  public int number() {
    return 5;
  }

  @Override
  public String title() {
    return "native client through a router, against straight to the allocation node";
  }

  @Override
  public List<Finding> measure(Bench bench) throws IOException, InterruptedException {
    try (LocalNodes cluster =
        LocalNodes.start(bench.processes(), bench.home(), bench.work().resolve("routed"))) {
      cluster.create(EchoFloor.asked());
      try (RatchetClient routed =
              RatchetClient.connect(
                  ClientConfig.of(List.of(cluster.router())).withViaRouter(true));
          RatchetClient straight =
              RatchetClient.connect(ClientConfig.of(List.of(cluster.alloc())))) {
        NativePairs pairs = new NativePairs(bench, routed, straight);
        return List.of(pairs.singles(SINGLES_GOAL), pairs.batches(BATCHES_GOAL));
      }
    }
  }
}
