package dev.ratchet.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.Empty;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.time.MonotonicClock;
import dev.ratchet.store.disk.DataFolder;
import dev.ratchet.store.disk.NodeIdentity;
import dev.ratchet.store.raft.Urgency;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which disk may take part in a cluster. */
@Timeout(120)
final class DiskIdentityTest {
  @TempDir private Path folder;

  @Test
  void aNodeThatLostItsDiskIsRefusedUnderItsOldName() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3);
        StoreClient client = cluster.client()) {
      client.create(Namespace.string("kept", 2, 1_000));
      int lost = cluster.anyFollower();
      cluster.stop(lost);
      wipe(cluster.dataOf(lost));
      String error = refused(cluster.config(lost));
      assertTrue(error.contains("was lost or swapped"), error);
      assertTrue(error.contains("admin member remove store-" + lost), error);
      assertTrue(error.contains("admin member add store-" + lost), error);
      assertEquals(error, refused(cluster.config(lost)), "it stays so");
      assertEquals(
          "kept", client.call(Calls.NAMESPACE_LIST, new Empty()).namespaces().get(0).name());
    }
  }

  /** The node that could have counted the lost vote may itself be away: then nobody can know. */
  @Test
  void anEmptyDiskWaitsForEveryOtherMember() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3)) {
      cluster.stop(0);
      cluster.stop(1);
      cluster.stop(2);
      wipe(cluster.dataOf(0));
      wipe(cluster.dataOf(2));
      List<String> waits = new CopyOnWriteArrayList<>();
      CompletableFuture<String> zero =
          CompletableFuture.supplyAsync(() -> refusedWhileWaiting(cluster.config(0), waits));
      Await.until(
          "it says whom it waits for",
          () ->
              waits.stream().anyMatch(why -> why.contains("'store-1'") && why.contains("store-2")));
      assertFalse(zero.isDone());
      try (StoreNode one = cluster.start(1)) {
        String error = zero.join();
        assertTrue(error.contains("store-1") && error.contains("lost or swapped"), error);
        assertFalse(one.isReady());
      }
    }
  }

  @Test
  void aFirstStartCutOffAnywhereIsRepeated() throws IOException {
    TestCluster cluster = new TestCluster(folder, 3);
    // One had its id made and told; one had also kept the others' ids; one had nothing.
    String zero;
    try (DataFolder data =
        DataFolder.open(cluster.dataOf(0), NodeIdentity.store("test", "store-0"))) {
      zero = data.disk();
    }
    try (DataFolder data =
        DataFolder.open(cluster.dataOf(1), NodeIdentity.store("test", "store-1"))) {
      data.remember(java.util.Map.of("store-0", zero));
    }
    try (cluster) {
      cluster.startAll();
      assertTrue(cluster.halts().reasons().isEmpty());
    }
  }

  @Test
  void aStrangerIsToldHowToJoin() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3)) {
      List<dev.ratchet.proto.rpc.HostPort> ports = FreePorts.take(2);
      Member stranger = new Member("store-9", "zone-9", ports.get(0), ports.get(1));
      List<Member> members =
          Stream.concat(cluster.config(0).members().stream(), Stream.of(stranger)).toList();
      StoreConfig config = StoreConfig.of("test", "store-9", folder.resolve("store-9"), members);
      String error = refused(config);
      assertTrue(error.contains("not a member") && error.contains("join: true"), error);
    }
  }

  @Test
  void anEntryOfANewerVersionHaltsWithTheAdviceToUpgrade() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 1)) {
      StoreNode node = cluster.node(0);
      byte[] body = {2, 99, 7};
      CRC32C crc = new CRC32C();
      crc.update(body);
      byte[] entry =
          HexFormat.of()
              .parseHex(HexFormat.of().formatHex(body) + String.format("%08x", crc.getValue()));
      var unused = node.raft().propose(entry, Urgency.NORMAL, node.raft().leaderTerm());
      Await.until("it halts", () -> !cluster.halts().reasons().isEmpty());
      String why = cluster.halts().reasons().get(0);
      assertTrue(why.contains("log format 2") && why.contains("Upgrade this node"), why);
    }
  }

  private static String refused(StoreConfig config) {
    return refusedWhileWaiting(config, new CopyOnWriteArrayList<>());
  }

  private static String refusedWhileWaiting(StoreConfig config, List<String> waits) {
    IOException error =
        assertThrows(
            IOException.class,
            () ->
                StoreNode.start(
                        config,
                        new SimpleMeterRegistry(),
                        new HaltRecorder(),
                        MonotonicClock.system(),
                        waits::add)
                    .close());
    return String.valueOf(error.getMessage());
  }

  private static void wipe(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
