package dev.ratchet.bench.row;

import dev.ratchet.bench.measure.Finding;
import dev.ratchet.bench.process.RatchetServer;
import dev.ratchet.bench.process.RedisServer;
import java.io.IOException;
import java.util.List;

/** Row 2: against a Redis that loses nothing when its machine does. */
final class DurableRedisRow implements Row {
  @Override
  public int number() {
    return 2;
  }

  @Override
  public String title() {
    return "`./ratchet dev` against redis-server with appendfsync always";
  }

  @Override
  public List<Finding> measure(Bench bench) throws IOException, InterruptedException {
    try (RedisServer redis =
            RedisServer.start(
                bench.processes(),
                bench.programs(),
                bench.work().resolve("redis-always"),
                RedisServer.Persistence.EACH_COMMAND);
        RatchetServer ours =
            RatchetServer.start(bench.processes(), bench.home(), bench.work().resolve("dev-2"))) {
      return List.of(new RespPairs(bench, ours, redis.resp()).measure(16, 5));
    }
  }
}
