package dev.ratchet.testkit.system;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ratchet.testkit.system.RespSocket.ErrorReplyException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ratchet dev} on a disk that is really full. */
class FullDiskSystemTest {
  private static final int DISK_MEGABYTES = 160;

  /** Longer than the time between two snapshots of dev, which a full disk can't take. */
  private static final Duration HALT = Duration.ofMinutes(2);

  @TempDir private Path folder;

  @Test
  void aStoreHaltsOnAFullDiskSaysSoAndGoesOnWhenThereIsSpace()
      throws IOException, InterruptedException, ErrorReplyException {
    if (!SmallDisk.isPossible()) {
      System.err.println("SKIPPED: FullDiskSystemTest mounts a tmpfs, which needs root");
    }
    assumeTrue(SmallDisk.isPossible(), "needs root to mount a tmpfs");
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), DISK_MEGABYTES);
        DevProcess dev = new DevProcess(folder, disk.folder().resolve("data")).start()) {
      long last;
      try (RespSocket redis = new RespSocket(dev.resp())) {
        last = redis.incr("user:42");
      }
      disk.fill();
      Await.until(HALT, () -> dev.isAlive() ? "dev still runs on the full disk" : "");
      assertNotEquals(0, dev.exitCode());
      String wrote = dev.errors();
      assertTrue(wrote.contains("disk full: free space on"), wrote);
      disk.free();
      dev.start();
      try (RespSocket redis = new RespSocket(dev.resp())) {
        assertTrue(redis.incr("user:42") > last);
      }
    }
  }
}
