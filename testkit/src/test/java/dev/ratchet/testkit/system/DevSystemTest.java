package dev.ratchet.testkit.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.testkit.system.RespSocket.ErrorReplyException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ratchet dev} as its user meets it. */
class DevSystemTest {
  private static final int KILLS = Integer.getInteger("ratchet.kills", 5);
  private static final int CLIENTS = 4;
  private static final Duration RECOVERY = Duration.ofSeconds(60);

  /** Longest time that a life of the process is left in peace. */
  private static final int MAX_LIFE_MILLIS = 2_000;

  @TempDir private Path folder;

  @Test
  void theFirstNumbersAreOneAndTwo() throws IOException, InterruptedException, ErrorReplyException {
    try (DevProcess dev = new DevProcess(folder).start();
        RespSocket redis = new RespSocket(dev.resp())) {
      assertEquals(1, redis.incr("user:42"));
      assertEquals(2, redis.incr("user:42"));
      assertEquals(2, redis.get("user:42"));
      String server = "--server=" + dev.nativePort();
      assertEquals("3\n", RatchetCommand.run(folder, "seq", "next", "user:42", server).ok());
      assertEquals(4, redis.incr("user:42"));
    }
  }

  @Test
  void aGracefulStopSkipsNothing() throws IOException, InterruptedException, ErrorReplyException {
    List<String> keys = Load.KEYS;
    try (DevProcess dev = new DevProcess(folder)) {
      for (int life = 0; life < 3; life++) {
        dev.start();
        try (RespSocket redis = new RespSocket(dev.resp())) {
          for (int i = 0; i < keys.size(); i++) {
            long before = (long) life * (i + 1);
            assertEquals(before, redis.get(keys.get(i)), keys.get(i) + " in life " + life);
            for (int n = 1; n <= i + 1; n++) {
              assertEquals(before + n, redis.incr(keys.get(i)), keys.get(i) + " in life " + life);
            }
          }
        }
        dev.stop();
      }
    }
  }

  @Test
  void killedAtAnyMomentItNeverRepeatsNorGoesBack()
      throws IOException, InterruptedException, ErrorReplyException {
    long seed = Long.getLong("ratchet.seed", System.nanoTime());
    String hint = "-Dratchet.seed=" + seed;
    Random random = new Random(seed);
    try (DevProcess dev = new DevProcess(folder).start();
        Load load = new Load(List.of(dev.resp()), CLIENTS, seed)) {
      for (int kill = 0; kill < KILLS; kill++) {
        load.awaitServed(RECOVERY);
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(MAX_LIFE_MILLIS)).toNanos());
        dev.kill();
        dev.start();
      }
      load.awaitServed(RECOVERY);
      History history = load.finish();
      assertEquals(List.of(), history.breaches(), hint);
      try (RespSocket redis = new RespSocket(dev.resp())) {
        for (String key : Load.KEYS) {
          assertTrue(redis.get(key) >= history.last(key), key + " " + hint);
          assertTrue(redis.incr(key) > history.last(key), key + " " + hint);
        }
      }
      System.out.println(KILLS + " kills, " + history.size() + " numbers, " + hint);
    }
  }
}
