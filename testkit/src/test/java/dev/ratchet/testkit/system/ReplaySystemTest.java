package dev.ratchet.testkit.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The {@code replay} command over a log of messages: the real one that {@code -Dratchet.messages}
 * names, else one made up in its likeness, where few members get most of the messages.
 */
class ReplaySystemTest {
  private static final int MESSAGES = 20_000;
  private static final int MEMBERS = 1_900;

  @TempDir private Path folder;

  @Test
  void onDev() throws IOException, InterruptedException {
    try (DevProcess dev = new DevProcess(folder).start()) {
      replay(dev.nativePort());
    }
  }

  @Test
  void onACluster() throws IOException, InterruptedException {
    try (ClusterProcess cluster = ClusterProcess.start(folder)) {
      replay(cluster.nativePort());
    }
  }

  private void replay(HostPort server) throws IOException, InterruptedException {
    String log = messages().toString();
    String out = RatchetCommand.run(folder, "replay", log, "--server=" + server).ok();
    assertTrue(out.contains("checks: unique true, rising true"), out);
  }

  private Path messages() throws IOException {
    String real = System.getProperty("ratchet.messages", "");
    if (!real.isEmpty()) {
      return Path.of(real);
    }
    Random random = new Random(Long.getLong("ratchet.seed", 1));
    StringBuilder log = new StringBuilder("source target time\n");
    for (int i = 0; i < MESSAGES; i++) {
      int target = 1 + (int) (MEMBERS * Math.pow(random.nextDouble(), 3));
      log.append(1 + random.nextInt(MEMBERS)).append(' ').append(target).append(' ').append(i);
      log.append('\n');
    }
    return Files.write(folder.resolve("messages.txt"), log.toString().getBytes(UTF_8));
  }
}
