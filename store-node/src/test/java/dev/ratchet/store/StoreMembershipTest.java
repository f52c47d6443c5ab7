package dev.ratchet.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.Empty;
import dev.ratchet.proto.message.Grant;
import dev.ratchet.proto.message.MemberAddRequest;
import dev.ratchet.proto.message.MemberInfo;
import dev.ratchet.proto.message.MemberListRequest;
import dev.ratchet.proto.message.MemberRemoveRequest;
import dev.ratchet.proto.message.RenewReply;
import dev.ratchet.proto.message.RenewRequest;
import dev.ratchet.proto.message.StoreAddress;
import dev.ratchet.proto.message.TransferRequest;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Store nodes come and go while the store serves. */
@Timeout(180)
final class StoreMembershipTest {
  private static final String TOKEN = TestCluster.ADMIN_TOKEN;

  @TempDir private Path folder;

  @Test
  void theFirstMembersAreRecordedWithTheirDisks() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3);
        StoreClient client = cluster.client()) {
      awaitMembers(client, Set.of("store-0", "store-1", "store-2"));
      List<MemberInfo> members =
          client.call(Calls.MEMBER_LIST, new MemberListRequest(TOKEN)).members();
      assertEquals(3, members.stream().map(MemberInfo::disk).distinct().count());
      assertEquals(1, members.stream().filter(m -> m.role().equals("leader")).count());
      int incarnation = client.register("alloc-1", 11);
      assertEquals(
          cluster.addresses().stream().map(HostPort::toString).toList(),
          client.renew(incarnation).stores().stream().map(StoreAddress::address).toList());
      RatchetException secret =
          assertThrows(
              RatchetException.class,
              () -> client.call(Calls.MEMBER_LIST, new MemberListRequest("wrong")));
      assertEquals(ErrorCode.UNAUTHENTICATED, secret.code());
    }
  }

  @Test
  void allThreeAreReplacedOneByOne() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3)) {
      int incarnation;
      Grant grant;
      try (StoreClient client = cluster.client()) {
        client.create(Namespace.string("tags", 2, 1_000));
        incarnation = client.register("alloc-1", 11);
        grant = client.awaitGrants(incarnation, 2).get(0);
        client.raise(incarnation, grant, 1_000, 9_000);
        for (int old = 0; old < 3; old++) {
          cluster.node(cluster.leader()).raft().snapshot().join();
          int fresh = cluster.more();
          client.renew(incarnation);
          addJoining(cluster, client, fresh);
          client.renew(incarnation);
          remove(client, old);
          int removed = old;
          awaitMembers(
              client,
              IntStream.rangeClosed(removed + 1, fresh)
                  .mapToObj(i -> "store-" + i)
                  .collect(Collectors.toSet()));
          client.renew(incarnation);
          cluster.stop(old);
        }
      }
      List<HostPort> now = IntStream.range(3, 6).mapToObj(i -> cluster.member(i).rpc()).toList();
      try (StoreClient client = new StoreClient(now)) {
        // Its lease was kept alive all the time, and its ceiling is where it was.
        RenewReply renewed = client.renew(incarnation);
        assertEquals(
            now.stream().map(HostPort::toString).toList(),
            renewed.stores().stream().map(StoreAddress::address).toList());
        assertEquals(9_000, client.raise(incarnation, grant, 9_000, 9_000).maxSeq());
        int leader = cluster.leader();
        int follower = leader == 3 ? 4 : 3;
        RatchetException hint =
            assertThrows(
                RatchetException.class,
                () ->
                    client.callAt(
                        cluster.member(follower).rpc(),
                        Calls.RENEW,
                        new RenewRequest(incarnation)));
        assertEquals(cluster.member(leader).rpc().toString(), hint.hint());
        assertEquals(3, client.status().members().size());
      }
      assertTrue(cluster.halts().reasons().isEmpty(), cluster.halts().reasons().toString());
      // Those that joined start again as any other, and still know each other.
      for (int i = 3; i < 6; i++) {
        cluster.stop(i);
      }
      List<CompletableFuture<Void>> starts =
          IntStream.range(3, 6).mapToObj(i -> cluster.startJoining(i, waiting -> {})).toList();
      starts.forEach(CompletableFuture::join);
      cluster.awaitReady();
      try (StoreClient client = new StoreClient(now)) {
        awaitMembers(client, Set.of("store-3", "store-4", "store-5"));
      }
    }
  }

  @Test
  void aLostDiskComesBackAsANewMemberOfTheSameName() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3);
        StoreClient client = cluster.client()) {
      awaitMembers(client, Set.of("store-0", "store-1", "store-2"));
      int lost = cluster.anyFollower();
      cluster.stop(lost);
      wipe(cluster.dataOf(lost));
      List<String> waits = new CopyOnWriteArrayList<>();
      CompletableFuture<Void> back = cluster.startJoining(lost, waits::add);
      Await.until(
          "it says that another disk is recorded",
          () -> waits.stream().anyMatch(why -> why.contains("recorded with another disk")));
      RatchetException refused =
          assertThrows(
              RatchetException.class, () -> client.call(Calls.MEMBER_ADD, adding(cluster, lost)));
      assertEquals(ErrorCode.INVALID_ARGUMENT, refused.code());
      assertFalse(back.isDone(), "it takes part in nothing");
      remove(client, lost);
      client.call(Calls.MEMBER_ADD, adding(cluster, lost));
      back.join();
      awaitMembers(client, Set.of("store-0", "store-1", "store-2"));
      Await.until("it has caught up", () -> cluster.node(lost).isReady());
    }
  }

  @Test
  void removingTheLeaderHandsOverFirst() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3);
        StoreClient client = cluster.client()) {
      awaitMembers(client, Set.of("store-0", "store-1", "store-2"));
      int leader = cluster.leader();
      remove(client, leader);
      Set<String> left =
          IntStream.range(0, 3)
              .filter(i -> i != leader)
              .mapToObj(i -> "store-" + i)
              .collect(Collectors.toSet());
      awaitMembers(client, left);
      assertNotEquals(leader, cluster.leader());
      remove(client, leader); // again: nothing is left to do
      Await.until(
          "the removed one says so",
          () -> cluster.node(leader).health().contains("was removed from the cluster"));
      client.create(Namespace.string("after", 1, 1_000));
    }
  }

  @Test
  void leadershipGoesWhereItIsSent() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3);
        StoreClient client = cluster.client()) {
      awaitMembers(client, Set.of("store-0", "store-1", "store-2"));
      int next = cluster.anyFollower();
      client.call(Calls.TRANSFER, new TransferRequest(TOKEN, "store-" + next));
      Await.until("it leads", () -> cluster.leader() == next);
      RatchetException unknown =
          assertThrows(
              RatchetException.class,
              () -> client.call(Calls.TRANSFER, new TransferRequest(TOKEN, "store-9")));
      assertEquals(ErrorCode.INVALID_ARGUMENT, unknown.code());
      // One that leads already is no error, and costs no election.
      long term = cluster.node(next).raft().term();
      client.call(Calls.TRANSFER, new TransferRequest(TOKEN, "store-" + next));
      assertEquals(term, cluster.node(next).raft().term());
    }
  }

  @Test
  void aChangeThatWouldLeaveNoMajorityIsRefused() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3);
        StoreClient client = cluster.client()) {
      awaitMembers(client, Set.of("store-0", "store-1", "store-2"));
      int down = cluster.anyFollower();
      int leader = cluster.leader();
      int other = 3 - down - leader;
      cluster.stop(down);
      Await.until(
          "it is seen as down",
          () -> cluster.node(cluster.leader()).raft().livingVoters().size() == 2);
      String refused = refusalOf(client, other);
      assertTrue(refused.contains("no majority") && refused.contains("store-" + down), refused);
      remove(client, down);
      awaitMembers(client, Set.of("store-" + leader, "store-" + other));
      remove(client, other);
      awaitMembers(client, Set.of("store-" + leader));
      assertTrue(refusalOf(client, leader).contains("the last store node"));
      assertEquals(
          1, client.call(Calls.STATUS, new Empty()).members().size(), "it serves by itself");
    }
  }

  @Test
  void oneThatIsNotWhatWasSaidIsNotAdded() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3);
        StoreClient client = cluster.client()) {
      awaitMembers(client, Set.of("store-0", "store-1", "store-2"));
      String own = cluster.member(1).rpc().toString();
      String data =
          refusal(
              () ->
                  client.call(
                      Calls.MEMBER_ADD, new MemberAddRequest(TOKEN, "store-1", "z", own, "h:1")));
      assertTrue(data.contains("has data of another life"), data);
      String name =
          refusal(
              () ->
                  client.call(
                      Calls.MEMBER_ADD, new MemberAddRequest(TOKEN, "store-8", "z", own, "h:1")));
      assertTrue(name.contains("is store node 'store-1'"), name);
      String address =
          refusal(
              () ->
                  client.call(
                      Calls.MEMBER_ADD, new MemberAddRequest(TOKEN, "store-8", "z", "x", "h:1")));
      assertTrue(address.contains("HOST:PORT"), address);
    }
  }

  private static void addJoining(TestCluster cluster, StoreClient client, int fresh) {
    CompletableFuture<Void> start = cluster.startJoining(fresh, waiting -> {});
    client.call(Calls.MEMBER_ADD, adding(cluster, fresh));
    start.join();
    Await.until("it has caught up", () -> cluster.node(fresh).isReady());
    Await.until(
        "it is a member",
        () ->
            client.call(Calls.MEMBER_LIST, new MemberListRequest(TOKEN)).members().stream()
                .anyMatch(m -> m.node().equals("store-" + fresh) && m.state().equals("member")));
  }

  private static MemberAddRequest adding(TestCluster cluster, int i) {
    Member member = cluster.member(i);
    return new MemberAddRequest(
        TOKEN, member.node(), member.zone(), member.rpc().toString(), member.raft().toString());
  }

  private static void remove(StoreClient client, int i) {
    client.call(Calls.MEMBER_REMOVE, new MemberRemoveRequest(TOKEN, "store-" + i));
  }

  private static String refusalOf(StoreClient client, int i) {
    return refusal(() -> remove(client, i));
  }

  private static String refusal(Runnable call) {
    RatchetException error = assertThrows(RatchetException.class, call::run);
    assertEquals(ErrorCode.INVALID_ARGUMENT, error.code(), error.getMessage());
    return String.valueOf(error.getMessage());
  }

  /** Waits until those, and no others, are members, and no change is under way. */
  private static void awaitMembers(StoreClient client, Set<String> nodes) {
    Await.until(
        "members " + nodes,
        () -> {
          List<MemberInfo> members =
              client.call(Calls.MEMBER_LIST, new MemberListRequest(TOKEN)).members();
          return members.stream().allMatch(m -> m.state().equals("member"))
              && members.stream().map(MemberInfo::node).collect(Collectors.toSet()).equals(nodes);
        });
  }

  private static void wipe(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
