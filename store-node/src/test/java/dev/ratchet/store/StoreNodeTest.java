package dev.ratchet.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.Empty;
import dev.ratchet.proto.message.Grant;
import dev.ratchet.proto.message.MemberStatus;
import dev.ratchet.proto.message.RenewRequest;
import dev.ratchet.proto.message.StatusReply;
import dev.ratchet.proto.rpc.Calls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three store nodes over real sockets and disks. */
@Timeout(120)
final class StoreNodeTest {
  @TempDir private Path folder;

  @Test
  void electsAndServesThroughAnyMember() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3);
        StoreClient client = cluster.client()) {
      int follower = cluster.anyFollower();
      RatchetException refused =
          assertThrows(
              RatchetException.class,
              () ->
                  client.callAt(
                      cluster.node(follower).address(), Calls.RENEW, new RenewRequest(1)));
      assertEquals(ErrorCode.NOT_LEADER, refused.code());
      assertEquals(cluster.node(cluster.leader()).address().toString(), refused.hint());

      Namespace namespace = client.create(Namespace.uid("users", 799_999, 100_000, 1_000));
      int incarnation = client.register("alloc-1", 11);
      List<Grant> grants = client.awaitGrants(incarnation, 8);
      assertEquals(8, grants.size());
      Grant first = grants.get(0);
      assertEquals(namespace.id(), first.namespaceId());
      assertEquals(0, first.base());
      assertEquals(1_000, first.maxSeq());
      assertEquals(5_000, client.raise(incarnation, first, 1_000, 5_000).maxSeq());
      assertTrue(cluster.halts().reasons().isEmpty());
    }
  }

  @Test
  void statusShowsEveryMemberAndWhoDoesNotAnswer() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3);
        StoreClient client = cluster.client()) {
      int follower = cluster.anyFollower();
      StatusReply whole = client.status();
      assertEquals(3, whole.members().size());
      assertEquals(
          1, whole.members().stream().filter(member -> member.role().equals("leader")).count());
      cluster.stop(follower);
      MemberStatus gone = client.status().members().get(follower);
      assertEquals("store-" + follower, gone.node());
      assertEquals("unreachable", gone.role());
    }
  }

  @Test
  void leaderLostKeepsStateAndServes() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3);
        StoreClient client = cluster.client()) {
      client.create(Namespace.string("tags", 4, 1_000));
      int incarnation = client.register("alloc-1", 11);
      Grant grant = client.awaitGrants(incarnation, 4).get(0);
      client.raise(incarnation, grant, 1_000, 9_000);
      int old = cluster.leader();
      cluster.stop(old);
      client.renew(incarnation);
      // The same raise again succeeds, since it took effect; the ceiling was kept.
      assertEquals(0, client.raise(incarnation, grant, 1_000, 9_000).error());
      assertEquals(
          ErrorCode.STALE_MAX_SEQ.number(), client.raise(incarnation, grant, 1_000, 8_000).error());
    }
  }

  @Test
  void restartOfAllKeepsState() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3)) {
      try (StoreClient client = cluster.client()) {
        client.create(Namespace.string("tags", 4, 1_000));
      }
      for (int i = 0; i < 3; i++) {
        cluster.stop(i);
      }
      cluster.startAll();
      try (StoreClient client = cluster.client()) {
        assertEquals(
            "tags", client.call(Calls.NAMESPACE_LIST, new Empty()).namespaces().get(0).name());
      }
    }
  }

  @Test
  void deadNodesSectionsGoToAnother() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3);
        StoreClient client = cluster.client()) {
      client.create(Namespace.string("tags", 6, 1_000));
      int dead = client.register("alloc-1", 11);
      Grant before = client.awaitGrants(dead, 6).get(0);
      int heir = client.register("alloc-2", 22);
      List<Grant> inherited = client.awaitGrants(heir, 6);
      Grant after =
          inherited.stream()
              .filter(grant -> grant.section() == before.section())
              .findFirst()
              .orElseThrow();
      assertTrue(after.epoch() > before.epoch());
      assertEquals(before.maxSeq(), after.base(), "what the dead node may have issued is below");
      RatchetException over = assertThrows(RatchetException.class, () -> client.renew(dead));
      assertEquals(ErrorCode.STALE_INCARNATION, over.code());
    }
  }

  @Test
  void withoutMajorityFailsRetryablyAndRecovers() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3);
        StoreClient client = cluster.client()) {
      client.create(Namespace.string("tags", 2, 1_000));
      int leader = cluster.leader();
      int first = (leader + 1) % 3;
      int second = (leader + 2) % 3;
      cluster.stop(first);
      client.create(Namespace.string("two-of-three", 2, 1_000));
      cluster.stop(second);
      RatchetException error =
          assertThrows(
              RatchetException.class,
              () ->
                  client.callAt(
                      cluster.node(leader).address(),
                      Calls.NAMESPACE_CREATE,
                      Namespace.string("alone", 2, 1_000)));
      assertTrue(error.code().isRetryable(), error.getMessage());
      Await.until("the leader steps down", () -> cluster.node(leader).raft().leaderTerm() == 0);
      RatchetException none =
          assertThrows(
              RatchetException.class,
              () ->
                  client.callAt(cluster.node(leader).address(), Calls.NAMESPACE_LIST, new Empty()));
      assertEquals(ErrorCode.NOT_LEADER, none.code());
      Await.until("it says so", () -> !cluster.node(leader).isReady());
      cluster.start(first);
      Await.until("it serves again", () -> cluster.node(leader).isReady());
      client.create(Namespace.string("after", 2, 1_000));
    }
  }
}
