package dev.ratchet.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.Grant;
import dev.ratchet.proto.time.MonotonicClock;
import dev.ratchet.store.state.StateReader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a store node has after it was away. */
@Timeout(120)
final class StoreRecoveryTest {
  @TempDir private Path folder;

  @Test
  void aRestartFromASnapshotGivesTheSameState() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3)) {
      try (StoreClient client = cluster.client()) {
        client.create(Namespace.string("tags", 40, 1_000));
        int incarnation = client.register("alloc-1", 11);
        Grant grant = client.awaitGrants(incarnation, 40).get(7);
        client.raise(incarnation, grant, 1_000, 77_000);
        for (int i = 0; i < 3; i++) {
          cluster.node(i).raft().snapshot().join();
        }
        client.create(Namespace.string("after", 3, 1_000));
      }
      for (int i = 0; i < 3; i++) {
        cluster.stop(i);
      }
      cluster.startAll();
      awaitSameState(cluster, 2);
      StateReader reader = cluster.node(0).reader();
      assertEquals(List.of("tags", "after"), namesOf(reader));
      assertTrue(sectionsOf(reader).contains("77000"));
    }
  }

  @Test
  void aMemberThatWasAwayForLongGetsTheSnapshot() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3);
        StoreClient client = cluster.client()) {
      int away = cluster.anyFollower();
      client.create(Namespace.string("one", 40, 1_000));
      cluster.stop(away);
      int leader = cluster.leader();
      int incarnation = client.register("alloc-1", 11);
      client.awaitGrants(incarnation, 40);
      cluster.node(leader).raft().snapshot().join();
      client.create(Namespace.string("two", 40, 1_000));
      cluster.node(leader).raft().snapshot().join();
      client.create(Namespace.string("three", 40, 1_000));
      cluster.start(away);
      cluster.awaitReady();
      awaitSameState(cluster, 3);
      assertTrue(cluster.halts().reasons().isEmpty(), cluster.halts().reasons().toString());
    }
  }

  @Test
  void aFolderOfAnotherNodeOrClusterIsRefused() throws IOException {
    TestCluster cluster = new TestCluster(folder, 1);
    Files.createDirectories(cluster.dataOf(0));
    cluster.start(0).close();
    Member self = cluster.config(0).self();
    Member renamed = new Member("store-1", self.zone(), self.rpc(), self.raft());
    StoreConfig other = StoreConfig.of("test", "store-1", cluster.dataOf(0), List.of(renamed));
    assertTrue(refused(other).contains("'store-0' of cluster 'test', not to"));
    StoreConfig elsewhere =
        StoreConfig.of("prod", "store-0", cluster.dataOf(0), cluster.config(0).members());
    assertTrue(refused(elsewhere).contains("of cluster 'test', not to"));
  }

  @Test
  void aPortInUseIsNamedAndEverythingIsGivenBack() throws IOException {
    TestCluster cluster = new TestCluster(folder, 1);
    try (StoreNode node = cluster.start(0)) {
      StoreConfig config = cluster.config(0);
      StoreConfig samePorts =
          StoreConfig.of("test", "store-0", folder.resolve("other"), config.members());
      String error = refused(samePorts);
      assertTrue(error.contains(config.self().rpc().toString()), error);
      assertEquals(refused(samePorts), error, "the folder was not left locked");
      Await.until("the first is not harmed", node::isReady);
    }
  }

  private static String refused(StoreConfig config) {
    IOException error =
        assertThrows(
            IOException.class,
            () ->
                StoreNode.start(
                        config,
                        new SimpleMeterRegistry(),
                        new HaltRecorder(),
                        MonotonicClock.system(),
                        waiting -> {})
                    .close());
    return String.valueOf(error.getMessage());
  }

  /** Waits until all three have so many namespaces, and hold the same. */
  private static void awaitSameState(TestCluster cluster, int namespaces) {
    Await.until(
        "the same state everywhere",
        () -> {
          String expected = sectionsOf(cluster.node(0).reader());
          for (int i = 0; i < 3; i++) {
            StateReader reader = cluster.node(i).reader();
            if (reader.namespaces().size() != namespaces || !sectionsOf(reader).equals(expected)) {
              return false;
            }
          }
          return true;
        });
  }

  private static List<String> namesOf(StateReader reader) {
    return reader.namespaces().stream().map(Namespace::name).toList();
  }

  private static String sectionsOf(StateReader reader) {
    StringBuilder text = new StringBuilder().append(reader.meta()).append(reader.namespaces());
    reader.sections((id, section, record) -> text.append(id).append(section).append(record));
    return text.toString();
  }
}
