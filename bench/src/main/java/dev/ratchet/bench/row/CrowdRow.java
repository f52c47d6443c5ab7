package dev.ratchet.bench.row;

import dev.ratchet.bench.measure.Finding;
import dev.ratchet.bench.measure.Goal;
import dev.ratchet.bench.micro.Crowd;
import dev.ratchet.bench.process.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Row 12: how many users fit into one allocation node with a heap of 1 GB. */
final class CrowdRow implements Row {
  private static final long USERS = 50_000_000;
  private static final Duration BOUND = Duration.ofMinutes(10);

  @Override
  public int number() {
    return 12;
  }

  @Override
  public String title() {
    return "active users in a heap of 1 GB, of 2^32 user ids declared";
  }

  @Override
  public List<Finding> measure(Bench bench) throws IOException {
    try (ServerProcess crowd =
        bench
            .processes()
            .startMain(Crowd.class, List.of("-Xmx1g"), List.of(Long.toString(USERS)))) {
      crowd.awaitLine("done", BOUND);
      String[] dense = crowd.awaitLine("consecutive ", BOUND).split(" ", -1);
      String[] scattered = crowd.awaitLine("scattered ", BOUND).split(" ", -1);
      String note =
          String.format(
              Locale.ROOT,
              "%.2f bytes each, %s s; scattered over all ids at random: %,d, until the counters'"
                  + " half of the heap was full",
              Double.parseDouble(dense[2]) / Long.parseLong(dense[1]),
              dense[3],
              Long.parseLong(scattered[1]));
      return List.of(
          bench.found(
              Finding.ofFigure(
                      "users with ids in a row",
                      "users",
                      Double.parseDouble(dense[1]),
                      Goal.atLeast(USERS))
                  .withNote(note)));
    }
  }
}
