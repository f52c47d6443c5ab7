package dev.ratchet.testkit.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.testkit.system.RespSocket.ErrorReplyException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of real processes, under load, losing them. */
class ClusterSystemTest {
  private static final int CLIENTS = 4;
  private static final Duration RECOVERY = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private final long seed = Long.getLong("ratchet.seed", System.nanoTime());
  private final String hint = "-Dratchet.seed=" + seed;

  /** Each store node is killed, so the leader is, whoever leads. */
  @Test
  void anyOneNodeMayBeKilled() throws IOException, InterruptedException, ErrorReplyException {
    try (ClusterProcess cluster = ClusterProcess.start(folder);
        Load load = new Load(cluster.resp(), CLIENTS, seed)) {
      for (String node :
          List.of("alloc-1", "store-1", "store-2", "store-3", "router-1", "alloc-2", "router-2")) {
        load.awaitServed(RECOVERY);
        cluster.kill(node);
        load.awaitServed(RECOVERY);
        cluster.restart(node);
      }
      load.awaitServed(RECOVERY);
      check(load.finish(), cluster.resp());
    }
  }

  @Test
  void withoutTheStoreItGoesOnForALeaseThenFailsClearlyThenRecovers()
      throws IOException, InterruptedException, ErrorReplyException {
    try (ClusterProcess cluster = ClusterProcess.start(folder);
        Load load = new Load(cluster.resp(), CLIENTS, seed)) {
      load.awaitServed(RECOVERY);
      long lost = cluster.kill("store-1", "store-2");
      Await.until(
          RECOVERY,
          () -> load.lastServed() > lost ? "" : "no number came under the old lease; " + load);
      load.errors().clear();
      Await.until(RECOVERY, () -> load.errors().isEmpty() ? "no call failed" : "");
      load.errors().values().forEach(ClusterSystemTest::assertClear);
      cluster.restart("store-1", "store-2");
      load.awaitServed(RECOVERY);
      check(load.finish(), cluster.resp());
    }
  }

  /** Says what it is about, not only that something went wrong. */
  private static void assertClear(String error) {
    assertTrue(error.matches("(TRYAGAIN|UNKNOWN) .*(section|node|store).*"), error);
  }

  @Test
  void aGracefulStopOfAllSkipsNothing()
      throws IOException, InterruptedException, ErrorReplyException {
    try (ClusterProcess cluster = ClusterProcess.start(folder)) {
      for (int life = 0; life < 2; life++) {
        try (RespSocket redis = new RespSocket(cluster.resp().get(life))) {
          for (String key : Load.KEYS) {
            assertEquals(life * 2L + 1, redis.incr(key), key);
            assertEquals(life * 2L + 2, redis.incr(key), key);
          }
        }
        cluster.stop();
        cluster.startAgain();
      }
    }
  }

  private void check(History history, List<HostPort> routers)
      throws IOException, ErrorReplyException {
    assertEquals(List.of(), history.breaches(), hint);
    for (HostPort router : routers) {
      try (RespSocket redis = new RespSocket(router)) {
        for (String key : Load.KEYS) {
          assertTrue(redis.get(key) >= history.last(key), key + " " + hint);
          assertTrue(redis.incr(key) > history.last(key), key + " " + hint);
        }
      }
    }
    System.out.println(history.size() + " numbers, " + hint);
  }
}
