package dev.ratchet.bench.row;

import dev.ratchet.bench.measure.Finding;
import dev.ratchet.bench.measure.Goal;
import dev.ratchet.bench.micro.Weights;
import java.util.List;

/** Row 9: what users and sections weigh. */
final class MemoryRow implements Row {
  @Override
  public int number() {
    return 9;
  }

  @Override
  public String title() {
    return "heap of an allocation node, by walking its objects (JOL)";
  }

  @Override
  public List<Finding> measure(Bench bench) {
    return List.of(
        bench.found(Finding.ofFigure("active user", "bytes", Weights.activeUser(), Goal.atMost(9))),
        bench.found(Finding.ofFigure("idle user", "bytes", Weights.idleUser(), Goal.atMost(0))),
        bench.found(
            Finding.ofFigure("idle section", "bytes", Weights.idleSection(), Goal.atMost(64))));
  }
}
