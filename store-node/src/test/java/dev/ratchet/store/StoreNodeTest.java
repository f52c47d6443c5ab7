package dev.ratchet.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.Empty;
import dev.ratchet.proto.message.Grant;
import dev.ratchet.proto.message.GrantsReply;
import dev.ratchet.proto.message.GrantsRequest;
import dev.ratchet.proto.message.HandoverRequest;
import dev.ratchet.proto.message.MemberStatus;
import dev.ratchet.proto.message.ReleaseItem;
import dev.ratchet.proto.message.RenewRequest;
import dev.ratchet.proto.message.RoutesRequest;
import dev.ratchet.proto.message.StatusReply;
import dev.ratchet.proto.message.WitnessItem;
import dev.ratchet.proto.message.WitnessRequest;
import dev.ratchet.proto.route.Route;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
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

  /** A true follower knows nothing of what a leader on old disks will grant. */
  @Test
  void onlyTheLeaderTakesATestimony() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3);
        StoreClient client = cluster.client()) {
      Namespace orders = client.create(Namespace.string("orders", 4, 100));
      client.awaitGrants(client.register("alloc-1", 11), 4);
      WitnessRequest seen = new WitnessRequest(List.of(new WitnessItem(orders.id(), 1, 1, 100)));
      for (int i = 0; i < 3; i++) {
        StoreNode node = cluster.node(i);
        if (i == cluster.leader()) {
          assertEquals(List.of(), client.callAt(node.address(), Calls.WITNESS, seen).halted());
        } else {
          RatchetException refused =
              assertThrows(
                  RatchetException.class, () -> client.callAt(node.address(), Calls.WITNESS, seen));
          assertEquals(ErrorCode.NOT_LEADER, refused.code());
        }
      }
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

  @Test
  void aReleasedSectionGoesOnExactlyWhereItStopped() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3);
        StoreClient client = cluster.client()) {
      client.create(Namespace.string("tags", 1, 1_000));
      int giver = client.register("alloc-1", 11);
      Grant given = client.awaitGrants(giver, 1).get(0);
      byte[] positions = {1, 2, 3};
      ReleaseItem item =
          new ReleaseItem(given.namespaceId(), 0, given.epoch(), 1_000, 0, positions, true, 0);
      assertEquals(0, client.release(giver, item).error());
      Grant taken = client.awaitGrants(giver, 1).get(0);
      assertEquals(given.epoch() + 1, taken.epoch());
      assertEquals(0, taken.base());
      assertEquals(1_000, taken.maxSeq());
      assertEquals(1, taken.handoverChunks());
      HandoverRequest ask = new HandoverRequest(giver, taken.namespaceId(), 0, taken.epoch(), 0);
      assertArrayEquals(positions, client.call(Calls.HANDOVER, ask).positions());
      HandoverRequest stale = new HandoverRequest(giver, taken.namespaceId(), 0, given.epoch(), 0);
      assertEquals(ErrorCode.STALE_EPOCH, codeOf(() -> client.call(Calls.HANDOVER, stale)));
      HandoverRequest none = new HandoverRequest(giver, taken.namespaceId(), 0, taken.epoch(), 1);
      assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf(() -> client.call(Calls.HANDOVER, none)));
    }
  }

  @Test
  void aPollWaitsForAGrantAndEndsWithTheLeadership() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3);
        StoreClient client = cluster.client()) {
      int incarnation = client.register("alloc-1", 11);
      HostPort leader = cluster.node(cluster.leader()).address();
      GrantsRequest poll = new GrantsRequest(incarnation, 0, 20_000);
      CompletableFuture<GrantsReply> waiting = client.sendTo(leader, Calls.GRANTS, poll);
      client.create(Namespace.string("tags", 1, 1_000));
      assertEquals(1, waiting.join().grants().size());

      GrantsRequest again = new GrantsRequest(incarnation, waiting.join().version(), 20_000);
      CompletableFuture<GrantsReply> replaced = client.sendTo(leader, Calls.GRANTS, again);
      CompletableFuture<GrantsReply> last = client.sendTo(leader, Calls.GRANTS, again);
      assertTrue(
          CompletableFuture.anyOf(replaced, last).join() instanceof GrantsReply reply
              && reply.grants().isEmpty(),
          "one call an incarnation waits");
      int number = cluster.leader();
      cluster.stop((number + 1) % 3);
      cluster.stop((number + 2) % 3);
      CompletableFuture<GrantsReply> left = replaced.isDone() ? last : replaced;
      assertEquals(ErrorCode.NOT_LEADER, codeOf(left::join));
    }
  }

  @Test
  void aLeaseThatIsOverEndsThePoll() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3);
        StoreClient client = cluster.client()) {
      int incarnation = client.register("alloc-1", 11);
      assertEquals(
          ErrorCode.STALE_INCARNATION,
          codeOf(() -> client.call(Calls.GRANTS, new GrantsRequest(incarnation, 0, 20_000))));
    }
  }

  @Test
  void everyMemberServesRoutes() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3);
        StoreClient client = cluster.client()) {
      client.create(Namespace.string("tags", 3, 1_000));
      int incarnation = client.register("alloc-1", 11);
      client.awaitGrants(incarnation, 3);
      for (HostPort address : cluster.addresses()) {
        RouteTable routes = new RouteTable();
        Await.until(
            "routes at " + address,
            () -> {
              RoutesRequest request = new RoutesRequest(routes.version(), 100);
              routes.apply(client.callAt(address, Calls.ROUTES, request));
              Route route = routes.route(1, 2);
              return route != null && route.owner() != null;
            });
      }
    }
  }

  private static ErrorCode codeOf(Executable call) {
    return RatchetException.of(assertThrows(RuntimeException.class, call)).code();
  }
}
