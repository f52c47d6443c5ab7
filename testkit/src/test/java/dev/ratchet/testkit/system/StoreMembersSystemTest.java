package dev.ratchet.testkit.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.cli.local.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Store nodes as processes, replaced while clients take numbers. */
class StoreMembersSystemTest {
  private static final Duration BOUND = Duration.ofMinutes(2);

  @TempDir private Path folder;

  private final long seed = Long.getLong("ratchet.seed", System.nanoTime());

  /** At the end no store node is left that any other node was configured with. */
  @Test
  void allStoreNodesAreReplacedUnderLoadWithoutAnError() throws IOException, InterruptedException {
    List<Process> fresh = new ArrayList<>();
    try (ClusterProcess cluster = ClusterProcess.start(folder);
        Load load = new Load(cluster.resp(), 4, seed)) {
      load.awaitServed(BOUND);
      load.errors().clear();
      for (int old = 1; old <= 3; old++) {
        NewStore store = new NewStore(cluster.dir(), "store-" + (old + 3));
        fresh.add(store.start(folder));
        store.awaitWaiting(folder);
        String out =
            cluster
                .command(
                    "admin",
                    "member",
                    "replace",
                    "store-" + old,
                    store.name,
                    "zone-" + old,
                    store.rpc,
                    store.raft)
                .ok();
        assertTrue(out.contains(store.name + " is a member"), out);
        assertTrue(out.contains("store-" + old + " is a member no more"), out);
        cluster.kill("store-" + old);
        load.awaitServed(BOUND);
      }
      String list = cluster.command("admin", "member", "list").ok();
      assertEquals(4, list.lines().count(), list);
      for (String name : List.of("store-4", "store-5", "store-6")) {
        assertTrue(list.contains(name), list);
      }
      assertEquals(Map.of(), load.errors(), "-Dratchet.seed=" + seed);
      // Past the lease: allocation nodes renew with store nodes that they learned of.
      Await.until(BOUND, () -> renewedSince(cluster) ? "" : "no lease is renewed");
      load.awaitServed(BOUND);
      History history = load.finish();
      assertEquals(List.of(), history.breaches(), "-Dratchet.seed=" + seed);
      System.out.println(history.size() + " numbers, seed " + seed);
    } finally {
      fresh.forEach(Process::destroyForcibly);
    }
  }

  private static boolean renewedSince(ClusterProcess cluster) {
    try {
      return cluster.command("admin", "status").ok().contains("alloc-3");
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  void aStoreNodeWhoseDiskWasLostIsRefusedAndComesBackAsANewMember()
      throws IOException, InterruptedException {
    try (ClusterProcess cluster = ClusterProcess.start(folder);
        Load load = new Load(cluster.resp(), 2, seed)) {
      load.awaitServed(BOUND);
      cluster.kill("store-2");
      cluster.wipe("store-2");
      RatchetCommand.Result refused = cluster.command("cluster", "restart", "store-2");
      assertNotEquals(0, refused.exit());
      assertTrue(refused.err().contains("was lost or swapped"), refused.err());
      assertTrue(refused.err().contains("admin member remove store-2"), refused.err());
      load.awaitServed(BOUND);

      Path settings = cluster.dir().resolve("store-2/store-2.yaml");
      String text = Files.readString(settings);
      Files.writeString(settings, text + "join: true\n");
      cluster.command("admin", "member", "remove", "store-2").ok();
      Process back = RatchetCommand.start(folder, "back", List.of("store", "--config=" + settings));
      try {
        cluster
            .command(
                "admin",
                "member",
                "add",
                "store-2",
                "zone-2",
                value(text, "node: store-2, .*?rpc: \"([^\"]+)\""),
                value(text, "node: store-2, .*?raft: \"([^\"]+)\""))
            .ok();
        String list = cluster.command("admin", "member", "list").ok();
        assertTrue(list.matches("(?s).*store-2 +zone-2 +member .*"), list);
        load.awaitServed(BOUND);
      } finally {
        back.destroyForcibly();
      }
      assertEquals(List.of(), load.finish().breaches());
    }
  }

  private static String value(String text, String pattern) {
    java.util.regex.Matcher found = java.util.regex.Pattern.compile(pattern).matcher(text);
    assertTrue(found.find(), text);
    return found.group(1);
  }

  /** A store node that is to join a local cluster. */
  private static final class NewStore {
    final String name;
    final String rpc;
    final String raft;
    private final Path settings;

    NewStore(Path cluster, String name) throws IOException {
      this.name = name;
      List<Integer> ports = FreePorts.find(3, RandomGenerator.getDefault());
      rpc = "127.0.0.1:" + ports.get(0);
      raft = "127.0.0.1:" + ports.get(1);
      String model = Files.readString(cluster.resolve("store-1/store-1.yaml"));
      String self =
          "members:\n  - {node: %s, zone: zone-9, rpc: \"%s\", raft: \"%s\"}\n"
              .formatted(name, rpc, raft);
      String text =
          model
              .replace("node: store-1\n", "node: " + name + "\n")
              .replaceAll("data: .*", "data: '" + cluster.resolve(name) + "'")
              .replace("members:\n", self)
              .replaceAll("listen: .*", "listen: \"127.0.0.1:" + ports.get(2) + "\"");
      settings = cluster.resolve(name + ".yaml");
      Files.writeString(settings, text + "join: true\n");
    }

    Process start(Path folder) throws IOException {
      return RatchetCommand.start(folder, name, List.of("store", "--config=" + settings));
    }

    void awaitWaiting(Path folder) {
      Await.until(
          BOUND,
          () -> {
            try {
              String wrote = RatchetCommand.read(folder, name + ".err");
              return wrote.contains("waiting to be added") ? "" : name + " wrote: " + wrote;
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
    }
  }
}
