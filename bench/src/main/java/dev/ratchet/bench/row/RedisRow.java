package dev.ratchet.bench.row;

import dev.ratchet.bench.measure.Finding;
import dev.ratchet.bench.process.RatchetServer;
import dev.ratchet.bench.process.RedisServer;
import java.io.IOException;
import java.util.List;

/** Row 1: a replicated cluster against a Redis that keeps nothing. */
final class RedisRow implements Row {
  @Override
  public int number() {
    return 1;
  }

  @Override
  public String title() {
    return "`./ratchet dev` against redis-server without persistence, INCR of a million keys";
  }

  @Override
  public List<Finding> measure(Bench bench) throws IOException, InterruptedException {
    try (RedisServer redis =
            RedisServer.start(
                bench.processes(),
                bench.programs(),
                bench.work().resolve("redis-none"),
                RedisServer.Persistence.NONE);
        RatchetServer ours =
            RatchetServer.start(bench.processes(), bench.home(), bench.work().resolve("dev-1"))) {
      RespPairs pairs = new RespPairs(bench, ours, redis.resp());
      return List.of(pairs.measure(1, 1.0), pairs.measure(16, 1.5), pairs.measure(100, 2.5));
    }
  }
}
