package dev.ratchet.bench.row;

import dev.ratchet.bench.floor.RespFloor;
import dev.ratchet.bench.measure.Finding;
import dev.ratchet.bench.process.FloorServer;
import dev.ratchet.bench.process.RatchetServer;
import java.io.IOException;
import java.util.List;

/** Row 3: against the least that a RESP server on Netty must do. */
final class RespFloorRow implements Row {
  private static final double GOAL = 0.9;

  @Override
  public int number() {
    return 3;
  }

  @Override
  public String title() {
    return "`./ratchet dev` against bare Netty that adds one to a counter";
  }

  @Override
  public List<Finding> measure(Bench bench) throws IOException, InterruptedException {
    try (FloorServer floor =
            FloorServer.start(
                bench.processes(), RespFloor.class, List.of("-XX:+ExitOnOutOfMemoryError"));
        RatchetServer ours =
            RatchetServer.start(bench.processes(), bench.home(), bench.work().resolve("dev-3"))) {
      RespPairs pairs = new RespPairs(bench, ours, floor.address());
      return List.of(pairs.measure(1, GOAL), pairs.measure(16, GOAL), pairs.measure(100, GOAL));
    }
  }
}
