package dev.ratchet.testkit.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.testkit.system.RespSocket.ErrorReplyException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All disks are lost, and an old backup is all there is; clients have never stopped asking. */
class RestoreSystemTest {
  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final long JUMP = 50_000_000;

  @TempDir private Path folder;

  private final long seed = Long.getLong("ratchet.seed", System.nanoTime());

  @Test
  void anOldBackupUnderLiveClientsRepeatsNothing()
      throws IOException, InterruptedException, ErrorReplyException {
    try (ClusterProcess cluster = ClusterProcess.start(folder);
        Load load = new Load(cluster.resp(), 2, seed);
        LiveClient java = new LiveClient(cluster.nativePort())) {
      load.awaitServed(BOUND);
      java.awaitServed(BOUND);
      Path backup = folder.resolve("backup.rtk");
      String wrote = cluster.command("admin", "backup", backup.toString()).ok();
      assertTrue(wrote.contains("sections"), wrote);
      long atBackup = java.largest();
      // Past several windows: what the backup knows of these keys is old.
      Await.until(
          BOUND,
          () ->
              java.largest() > atBackup + 100_000
                  ? ""
                  : "only " + (java.largest() - atBackup) + " numbers since the backup");
      load.awaitServed(BOUND);

      cluster.killAll();
      for (String store : List.of("store-1", "store-2", "store-3")) {
        cluster.wipe(store);
      }
      String only = cluster.command("cluster", "start", "--stores-only").ok();
      assertTrue(only.contains("store nodes run"), only);
      long lost = java.largest();
      String restored =
          cluster.command("admin", "restore", backup.toString(), "--jump=" + JUMP).ok();
      assertTrue(restored.contains("restored"), restored);
      cluster.startAgain();

      load.awaitServed(BOUND);
      java.awaitServed(BOUND);
      assertTrue(java.largest() > lost, "numbers flow again, past what was lost");
      RatchetCommand.Result again = cluster.command("admin", "restore", backup.toString());
      assertEquals(1, again.exit(), again.err());
      assertTrue(again.err().contains("Stop all allocation nodes"), again.err());
      load.awaitServed(BOUND);

      History history = load.finish();
      history.addAll(java.finish());
      assertEquals(List.of(), history.breaches(), "-Dratchet.seed=" + seed);
      try (RespSocket redis = new RespSocket(cluster.resp().get(0))) {
        for (String key : Load.KEYS) {
          assertTrue(redis.incr(key) > Math.max(JUMP, history.last(key)), key);
        }
      }
      System.out.println(history.size() + " numbers, seed " + seed);
    }
  }
}
