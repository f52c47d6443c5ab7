package dev.ratchet.bench.row;

import dev.ratchet.bench.measure.Figures;
import dev.ratchet.bench.measure.Finding;
import dev.ratchet.bench.measure.Goal;
import dev.ratchet.bench.measure.Pairs;
import dev.ratchet.bench.micro.JmhRun;
import java.io.IOException;
import java.util.List;

/** Row 6: a number from memory against an array of counters, inside one process. */
final class IssuePathRow implements Row {
  private static final double GOAL = 0.8;

  @Override
  public int number() {
    return 6;
  }

  @Override
  public String title() {
    return "in process: next number of one of a million users, against AtomicLongArray";
  }

  @Override
  public List<Finding> measure(Bench bench) throws IOException, InterruptedException {
    return List.of(measure(bench, 1), measure(bench, 2));
  }

  private static Finding measure(Bench bench, int threads)
      throws IOException, InterruptedException {
    JmhRun ours = new JmhRun("section", threads, bench.pace());
    JmhRun floor = new JmhRun("atomicLongArray", threads, bench.pace());
    Pairs pairs = Pairs.measure(bench.pace().pairs(), ours::callsPerSecond, floor::callsPerSecond);
    String others =
        "one counter for all users: AtomicLong "
            + Figures.text(new JmhRun("atomicLong", threads, bench.pace()).callsPerSecond())
            + "/s";
    String what = threads == 1 ? "one thread" : threads + " threads";
    return bench.found(
        Finding.ofPairs(what, "calls/s", pairs, Goal.atLeast(GOAL)).withNote(others));
  }
}
