package dev.ratchet.bench.row;

import dev.ratchet.bench.measure.Finding;
import dev.ratchet.bench.process.RatchetServer;
import dev.ratchet.bench.process.RedisServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Rows 1 and 2: a replicated cluster against a Redis. */
record RedisRow(
    int number, String title, RedisServer.Persistence persistence, List<DepthGoal> goals)
    implements Row {

  /** The ratio to reach at a pipeline depth. */
  record DepthGoal(int depth, double ratio) {}

  /** Against one that keeps nothing. */
  static RedisRow inMemory() {
    return new RedisRow(
        1,
        "`./ratchet dev` against redis-server without persistence, INCR of a million keys",
        RedisServer.Persistence.NONE,
        List.of(new DepthGoal(1, 1.0), new DepthGoal(16, 1.5), new DepthGoal(100, 2.5)));
  }

  /** Against one that loses nothing when its machine does. */
  static RedisRow durable() {
    return new RedisRow(
        2,
        "`./ratchet dev` against redis-server with appendfsync always",
        RedisServer.Persistence.EACH_COMMAND,
        List.of(new DepthGoal(16, 5)));
  }

  @Override
  public List<Finding> measure(Bench bench) throws IOException, InterruptedException {
    try (RedisServer redis =
            RedisServer.start(
                bench.processes(),
                bench.programs(),
                bench.work().resolve("redis-" + number),
                persistence);
        RatchetServer ours =
            RatchetServer.start(
                bench.processes(), bench.home(), bench.work().resolve("dev-" + number))) {
      RespPairs pairs = new RespPairs(bench, ours, redis.resp());
      List<Finding> findings = new ArrayList<>();
      for (DepthGoal goal : goals) {
        findings.add(pairs.measure(goal.depth(), goal.ratio()));
      }
      return findings;
    }
  }
}
