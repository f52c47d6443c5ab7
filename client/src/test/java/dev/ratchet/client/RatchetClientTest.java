package dev.ratchet.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.IssueItem;
import dev.ratchet.proto.message.IssueResult;
import dev.ratchet.proto.message.StatusReply;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RpcServer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RatchetClientTest {
  private SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private FakeCluster cluster;
  private Namespace users;
  private RatchetClient client;

  @BeforeEach
  void start() throws IOException {
    cluster = FakeCluster.of(2);
    users = cluster.create(Namespace.uid("users", 999, 100, 1_000));
    client = open(ClientConfig.of(List.of(cluster.node(1).address())).withTimeoutMillis(10_000));
  }

  @AfterEach
  void stop() {
    client.close();
    cluster.close();
  }

  private RatchetClient open(ClientConfig config) {
    registry = new SimpleMeterRegistry();
    return RatchetClient.connect(config.withThreads(1), registry);
  }

  private Counter counter(String name) {
    return registry.counter("ratchet.client." + name, "client", ClientConfig.DEFAULT_NAME);
  }

  private RatchetClient reopen(ClientConfig config) {
    client.close();
    client = open(config);
    return client;
  }

  private ClientConfig config() {
    return ClientConfig.of(List.of(cluster.node(1).address())).withTimeoutMillis(10_000);
  }

  static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  static RatchetException failure(CompletableFuture<?> future) {
    var thrown = assertThrows(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS));
    return RatchetException.of(thrown);
  }

  @Test
  void numbersOfAKeyFollowEachOther() throws Exception {
    assertEquals(new Numbers(1, 1, 1), await(client.next("users", "7")));
    assertEquals(new Numbers(2, 10, 1), await(client.next("users", "7", 10)));
    assertEquals(11, await(client.current("users", "7")).value());
    assertEquals(11, new Numbers(2, 10, 1).last());
    assertEquals(new Current(0, false, 1), await(client.current("users", "8")));
  }

  @Test
  void eachKeyGoesToTheOwnerOfItsSection() throws Exception {
    for (int key = 0; key < 1_000; key += 50) {
      assertEquals(1, await(client.next("users", "" + key)).first());
    }
    for (FakeAlloc node : cluster.nodes()) {
      for (List<IssueItem> batch : node.seen()) {
        for (IssueItem item : batch) {
          assertEquals(node.info().incarnation(), cluster.routeOf(users.id(), item.key()).owner());
        }
      }
    }
    assertTrue(cluster.node(2).batches() > 0);
  }

  @Test
  void nextAllSendsOneBatchAnOwnerAndKeepsTheOrderOfKeys() throws Exception {
    await(client.next("users", "7", 5));
    await(client.next("users", "107", 9));
    int before = cluster.node(1).batches() + cluster.node(2).batches();
    List<Numbers> all = await(client.nextAll("users", List.of("107", "7", "108", "8", "7")));
    assertEquals(List.of(10L, 6L, 1L, 1L, 7L), all.stream().map(Numbers::first).toList());
    assertEquals(before + 2, cluster.node(1).batches() + cluster.node(2).batches());
    assertEquals(List.of(), await(client.nextAll("users", List.of())));
  }

  @Test
  void nextAllFailsAsAWholeWithTheFirstErrorInOrder() {
    RatchetException error = failure(client.nextAll("users", List.of("1", "x", "99999999")));
    assertEquals(ErrorCode.INVALID_KEY, error.code());
    assertTrue(error.getMessage().contains("decimal digits"), error.getMessage());
    List<String> tooMany = IntStream.rangeClosed(0, Limits.MAX_BATCH).mapToObj(i -> "1").toList();
    assertEquals(ErrorCode.INVALID_ARGUMENT, failure(client.nextAll("users", tooMany)).code());
  }

  @Test
  void callsMadeTogetherTravelTogether() throws Exception {
    await(client.next("users", "1"));
    cluster.node(1).hold();
    List<CompletableFuture<Numbers>> calls = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      calls.add(client.next("users", "1"));
    }
    Eventually.until(() -> cluster.node(1).held() > 0);
    Eventually.until(
        () -> {
          cluster.node(1).release();
          return calls.stream().allMatch(CompletableFuture::isDone);
        });
    Set<Long> distinct = new HashSet<>();
    for (CompletableFuture<Numbers> call : calls) {
      distinct.add(await(call).first());
    }
    assertEquals(10_000, distinct.size());
    assertTrue(
        cluster.node(1).batches() < 2_000,
        () -> "10,000 calls took " + cluster.node(1).batches() + " batches");
    assertTrue(cluster.node(1).seen().stream().allMatch(b -> b.size() <= Limits.MAX_BATCH));
  }

  @Test
  void aCallThatFailsOnItsAnswerKeepsNoneFromTheirs() throws Exception {
    List<CompletableFuture<Long>> heard = new ArrayList<>();
    List<SequenceCall> calls = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      CompletableFuture<Long> answer = new CompletableFuture<>();
      heard.add(answer);
      calls.add(
          new SequenceCall("users", new byte[] {'7'}, 1) {
            @Override
            protected void done() {
              answer.complete(value());
              throw new IllegalStateException("on purpose");
            }
          });
    }
    client.submitAll(calls, System.nanoTime() + TimeUnit.SECONDS.toNanos(10));
    for (int i = 0; i < 10; i++) {
      assertEquals(i + 1, await(heard.get(i)));
    }
    assertEquals(0, client.outstanding());
  }

  @Test
  void wrongArgumentsAreRefusedAtOnce() {
    assertEquals(ErrorCode.INVALID_COUNT, failure(client.next("users", "1", 0)).code());
    assertEquals(ErrorCode.INVALID_COUNT, failure(client.next("users", "1", -1)).code());
    assertEquals(
        ErrorCode.INVALID_COUNT, failure(client.next("users", "1", Limits.MAX_COUNT + 1)).code());
    assertEquals(ErrorCode.INVALID_KEY, failure(client.next("users", "")).code());
    assertEquals(ErrorCode.INVALID_KEY, failure(client.next("users", "1000")).code());
    RatchetException badName = failure(client.next("no such", "1"));
    assertEquals(ErrorCode.UNKNOWN_NAMESPACE, badName.code());
    assertEquals(0, client.outstanding());
  }

  @Test
  void anUnknownNamespaceIsLookedUpOnceThenRefusedWithAdvice() throws Exception {
    await(client.next("users", "1"));
    RatchetException error = failure(client.next("orders", "1"));
    assertEquals(ErrorCode.UNKNOWN_NAMESPACE, error.code());
    assertTrue(
        error.getMessage().contains("./ratchet namespace create orders"), error.getMessage());
  }

  @Test
  void aNamespaceCreatedElsewhereIsFound() throws Exception {
    await(client.next("users", "1"));
    cluster.create(Namespace.string("orders", 4, 100));
    assertEquals(1, await(client.next("orders", "a")).first());
  }

  @Test
  void aNamespaceCreatedHereIsKnownAfterwards() throws Exception {
    Namespace made = await(client.createNamespace(Namespace.string("orders", 4, 100)));
    assertTrue(made.id() > 0);
    assertEquals(1, await(client.next("orders", "a")).first());
    assertEquals(2, await(client.namespaces()).size());
    assertEquals("fake", await(client.status()).cluster());
    assertEquals(
        ErrorCode.NAMESPACE_EXISTS,
        failure(client.createNamespace(Namespace.string("orders", 8, 100))).code());
    assertEquals(
        ErrorCode.INVALID_ARGUMENT,
        failure(client.createNamespace(Namespace.string("", 8, 100))).code());
  }

  @Test
  void aMovedSectionIsFollowedByTheRoutesOnTheRefusal() throws Exception {
    await(client.next("users", "1"));
    for (int i = 0; i < 20; i++) {
      cluster.grant(users, 0, i % 2 + 1);
      assertEquals(i + 2, await(client.next("users", "1")).first());
    }
    assertEquals(21, await(client.current("users", "1")).epoch());
  }

  @Test
  void retryableRefusalsAreRetried() throws Exception {
    cluster
        .node(1)
        .script(
            FakeAlloc.first(
                FakeAlloc.error(ErrorCode.LEASE_LOST, "no lease"),
                FakeAlloc.error(ErrorCode.OVERLOADED, "full"),
                FakeAlloc.error(ErrorCode.WINDOW_EXHAUSTED, "no window"),
                FakeAlloc.error(ErrorCode.NOT_OWNER, "not mine")));
    assertEquals(1, await(client.next("users", "1")).first());
    assertEquals(4, counter("retries").count());
  }

  @Test
  void finalErrorsAreNotRetried() {
    cluster
        .node(1)
        .script(FakeAlloc.first(FakeAlloc.error(ErrorCode.NUMBERS_EXHAUSTED, "the end")));
    assertEquals(ErrorCode.NUMBERS_EXHAUSTED, failure(client.next("users", "1")).code());
    assertEquals(1, cluster.node(1).batches());
  }

  @Test
  void afterAnUnknownAttemptAFinalErrorDoesNotClaimToBeDefinite() {
    cluster
        .node(1)
        .script(
            FakeAlloc.first(
                FakeAlloc.error(ErrorCode.UNKNOWN_OUTCOME, "who knows"),
                FakeAlloc.error(ErrorCode.NUMBERS_EXHAUSTED, "the end")));
    RatchetException error = failure(client.next("users", "1"));
    assertFalse(error.code().isDefinite());
    assertTrue(error.getMessage().contains("the end"), error.getMessage());
  }

  /** Refuses the first attempt, and from then on nobody serves the section. */
  private IssueResult refuseAndLeave(ErrorCode code, AtomicInteger asked) {
    if (asked.getAndIncrement() == 0) {
      cluster.grant(users, 0, 0);
    }
    return FakeAlloc.error(code, "refused");
  }

  @Test
  void atTheDeadlineTheLastCauseIsToldAndIsDefiniteIfAllWere() {
    AtomicInteger asked = new AtomicInteger();
    cluster.node(1).script(item -> refuseAndLeave(ErrorCode.LEASE_LOST, asked));
    reopen(config().withTimeoutMillis(1_500));
    RatchetException error = failure(client.next("users", "1"));
    assertEquals(ErrorCode.UNAVAILABLE, error.code());
    assertTrue(asked.get() > 0);
    assertTrue(error.getMessage().contains("1500 ms"), error.getMessage());
    assertTrue(error.getMessage().contains("no allocation node serves"), error.getMessage());
  }

  @Test
  void atTheDeadlineOneUnknownAttemptMakesTheOutcomeUnknown() {
    AtomicInteger asked = new AtomicInteger();
    cluster.node(1).script(item -> refuseAndLeave(ErrorCode.UNKNOWN_OUTCOME, asked));
    reopen(config().withTimeoutMillis(1_500));
    RatchetException error = failure(client.next("users", "1"));
    assertEquals(ErrorCode.TIMEOUT, error.code());
    assertTrue(error.getMessage().contains("no allocation node serves"), error.getMessage());
  }

  @Test
  void anUnansweredCallTimesOutAndItsLateAnswerIsDropped() throws Exception {
    reopen(config().withTimeoutMillis(300));
    await(client.current("users", "1"));
    cluster.node(1).hold();
    RatchetException error = failure(client.next("users", "1"));
    assertEquals(ErrorCode.TIMEOUT, error.code());
    assertTrue(error.getMessage().contains("no answer from"), error.getMessage());
    assertEquals(0, client.outstanding());
    cluster.node(1).release();
    assertEquals(2, await(client.next("users", "1")).first());
    assertEquals(0, client.outstanding());
  }

  @Test
  void aSectionNobodyServesIsWaitedForNotSpunOn() throws Exception {
    await(client.next("users", "1"));
    cluster.grant(users, 0, 0);
    Eventually.until(() -> client.routes().version() == cluster.node(1).table().version());
    int before = cluster.node(1).batches();
    CompletableFuture<Numbers> call = client.next("users", "1");
    await(client.next("users", "150"));
    assertFalse(call.isDone());
    assertEquals(before, cluster.node(1).batches());
    cluster.grant(users, 0, 2);
    assertEquals(2, await(call).first());
  }

  @Test
  void aSectionNobodyServesUntilTheDeadlineIsADefiniteError() throws Exception {
    cluster.grant(users, 0, 0);
    reopen(config().withTimeoutMillis(300));
    RatchetException error = failure(client.next("users", "1"));
    assertEquals(ErrorCode.UNAVAILABLE, error.code());
    assertTrue(error.getMessage().contains("section 0 of namespace 'users'"), error.getMessage());
  }

  @Test
  void callsOfADeadOwnerGoToTheNextOne() throws Exception {
    await(client.next("users", "1"));
    cluster.node(1).freeze();
    CompletableFuture<Numbers> call = client.next("users", "1");
    Eventually.until(() -> cluster.node(1).batches() > 1);
    cluster.expire(1);
    cluster.grantAll(users, 2);
    assertEquals(2, await(call).epoch());
  }

  @Test
  void callsOfABrokenConnectionAreTriedAgain() throws Exception {
    await(client.next("users", "1"));
    cluster.node(1).hold();
    CompletableFuture<Numbers> call = client.next("users", "1");
    Eventually.until(() -> cluster.node(1).held() > 0);
    cluster.node(1).restart();
    cluster.node(1).release();
    assertEquals(3, await(call).first()); // 2 was taken by the attempt that was lost
  }

  @Test
  void aFrozenConnectionIsGivenUp() throws Exception {
    reopen(config().withStallMillis(100));
    await(client.next("users", "1"));
    cluster.node(1).freeze();
    CompletableFuture<Numbers> call = client.next("users", "1");
    Eventually.until(
        () -> cluster.node(1).batches() >= 3); // it came again: the connection was given up
    cluster.expire(1);
    cluster.grantAll(users, 2);
    assertEquals(2, await(call).epoch());
  }

  @Test
  void aSlowAnswerIsNotTakenForAFrozenConnection() throws Exception {
    reopen(config().withStallMillis(600).withTimeoutMillis(2_000));
    await(client.next("users", "1"));
    cluster.node(1).hold();
    assertEquals(ErrorCode.TIMEOUT, failure(client.next("users", "1")).code());
    assertEquals(2, cluster.node(1).batches());
  }

  @Test
  void anAnswerBelowTheFloorIsDroppedAndTheCallTriedAgain() throws Exception {
    cluster.grant(users, 0, 1);
    assertEquals(2, await(client.next("users", "1")).epoch());
    cluster.node(1).script(FakeAlloc.first(new IssueResult(0, 999, 1, false, "")));
    Numbers second = await(client.next("users", "2"));
    assertEquals(new Numbers(1, 1, 2), second);
    assertEquals(1, counter("stale.answers").count());
  }

  @Test
  void anEpochToldByAnotherClientRaisesTheFloor() throws Exception {
    await(client.next("users", "1"));
    client.observe("users", "1", 2);
    CompletableFuture<Numbers> call = client.next("users", "1");
    await(client.next("users", "150"));
    assertFalse(call.isDone()); // its routes are older than what it was told of
    cluster.grant(users, 0, 2);
    assertEquals(2, await(call).epoch());
  }

  @Test
  void tooManyOutstandingCallsFailAtOnce() throws Exception {
    reopen(config().withMaxOutstanding(3));
    await(client.next("users", "1"));
    cluster.node(1).hold();
    List<CompletableFuture<Numbers>> calls = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      calls.add(client.next("users", "1"));
    }
    RatchetException error = failure(client.next("users", "1"));
    assertEquals(ErrorCode.OVERLOADED, error.code());
    assertTrue(error.code().isDefinite());
    Eventually.until(
        () -> {
          cluster.node(1).release();
          return calls.stream().allMatch(CompletableFuture::isDone);
        });
    assertEquals(5, await(client.next("users", "1")).first());
  }

  @Test
  void routesAreLearnedFromWhoeverIsReachable() throws Exception {
    HostPort dead = cluster.node(1).address();
    cluster.grantAll(users, 2);
    cluster.node(1).stop();
    reopen(ClientConfig.of(List.of(dead, cluster.node(2).address())).withTimeoutMillis(10_000));
    assertEquals(1, await(client.next("users", "1")).first());
    cluster.create(Namespace.string("orders", 4, 100));
    cluster.grantAll(cluster.namespaces().get(0), 2);
    cluster.grantAll(cluster.namespaces().get(1), 2);
    assertEquals(1, await(client.next("orders", "a")).first());
  }

  @Test
  void withoutAnyServerCallsFailDefinitelyWithTheReason() throws Exception {
    HostPort dead = cluster.node(1).address();
    cluster.node(1).stop();
    reopen(ClientConfig.of(List.of(dead)).withTimeoutMillis(300));
    RatchetException error = failure(client.next("users", "1"));
    assertEquals(ErrorCode.UNAVAILABLE, error.code());
    assertTrue(error.getMessage().contains(dead.toString()), error.getMessage());
    assertFalse(failure(client.status()).getMessage().isEmpty());
  }

  /** With the store nodes themselves as servers, as while nothing else runs. */
  @Test
  void aServerThatNamesTheLeaderIsBelieved() throws Exception {
    try (EventLoops loops = new EventLoops("named", 1);
        RpcServer leader =
            RpcServer.builder(() -> 0L)
                .on(
                    Calls.STATUS,
                    (request, context) ->
                        context.reply(new StatusReply("named", 1, List.of(), List.of(), 1, 0, 0)))
                .bind(loops, new HostPort("127.0.0.1", 0));
        RpcServer follower =
            RpcServer.builder(() -> 0L)
                .on(
                    Calls.STATUS,
                    (request, context) ->
                        context.fail(
                            new RatchetException(
                                ErrorCode.NOT_LEADER, "not I", "127.0.0.1:" + leader.port())))
                .bind(loops, new HostPort("127.0.0.1", 0))) {
      reopen(ClientConfig.of(List.of(new HostPort("127.0.0.1", follower.port()))));
      assertEquals("named", await(client.status()).cluster());
    }
  }

  @Test
  void changesArriveWithoutAnyCall() throws Exception {
    await(client.next("users", "1"));
    cluster.grant(users, 0, 2);
    Eventually.until(() -> client.routes().version() == cluster.node(1).table().version());
    int before = cluster.node(1).batches();
    await(client.next("users", "1"));
    assertEquals(before, cluster.node(1).batches());
  }

  @Test
  void anAnswerFromANodeWithNewerRoutesMakesTheClientFetchThem() throws Exception {
    cluster.nodes().forEach(node -> node.attachingRoutes(false));
    await(client.next("users", "1"));
    cluster.node(1).learning(false); // the one that is polled has nothing to tell
    cluster.grant(users, 0, 2);
    assertEquals(1, await(client.next("users", "150")).first());
    assertEquals(2, await(client.next("users", "1")).epoch());
  }

  @Test
  void anOwnerThatIsCutOffFromTheStoreDoesNotHideTheNextOne() throws Exception {
    FakeAlloc cutOff = cluster.node(1);
    cutOff.attachingRoutes(false);
    for (int i = 0; i < 8; i++) { // each polls a server by chance
      cutOff.learning(true);
      cutOff.script(item -> null);
      cluster.grant(users, 0, 1);
      reopen(config().withTimeoutMillis(5_000));
      await(client.next("users", "1"));
      cutOff.learning(false);
      cutOff.script(item -> FakeAlloc.error(ErrorCode.LEASE_LOST, "cut off"));
      cluster.grant(users, 0, 2);
      assertTrue(await(client.next("users", "1")).epoch() > 1);
    }
  }

  @Test
  void closingFailsWhatIsUnderWay() throws Exception {
    await(client.next("users", "1"));
    cluster.node(1).hold();
    cluster.grant(users, 1, 0);
    Eventually.until(() -> client.routes().version() == cluster.node(1).table().version());
    CompletableFuture<Numbers> sent = client.next("users", "1");
    CompletableFuture<Numbers> waiting = client.next("users", "150");
    Eventually.until(() -> cluster.node(1).held() > 0);
    client.close();
    assertFalse(failure(sent).code().isDefinite());
    assertTrue(failure(waiting).code().isDefinite());
    assertTrue(failure(client.next("users", "1")).code().isDefinite());
    assertEquals(0, client.outstanding());
  }

  @Test
  void closingDoesNotClaimThatAnUnknownAttemptTookNoNumber() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    cluster.node(1).script(item -> refuseAndLeave(ErrorCode.UNKNOWN_OUTCOME, asked));
    CompletableFuture<Numbers> call = client.next("users", "1");
    Eventually.until(() -> asked.get() > 0);
    Eventually.until(() -> client.routes().version() == cluster.node(1).table().version());
    client.close();
    RatchetException error = failure(call);
    assertFalse(error.code().isDefinite(), error.code() + ": " + error.getMessage());
  }

  /** The first attempt made the namespace and its answer was lost; the next ones were refused. */
  @Test
  void aCreateWithAnUnknownAttemptIsNotToldToHaveFailedForSure() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    try (EventLoops loops = new EventLoops("refusing", 1);
        RpcServer server =
            RpcServer.builder(() -> 0L)
                .on(
                    Calls.NAMESPACE_CREATE,
                    (wanted, context) -> {
                      if (attempts.incrementAndGet() > 1) {
                        context.fail(new RatchetException(ErrorCode.UNAVAILABLE, "no leader"));
                      }
                    })
                .bind(loops, new HostPort("127.0.0.1", 0))) {
      reopen(
          ClientConfig.of(List.of(new HostPort("127.0.0.1", server.port())))
              .withTimeoutMillis(800));
      RatchetException error = failure(client.createNamespace(Namespace.string("orders", 4, 100)));
      assertTrue(attempts.get() > 1);
      assertFalse(error.code().isDefinite(), error.code() + ": " + error.getMessage());
      assertTrue(error.getMessage().contains("no leader"), error.getMessage());
    }
  }

  @Test
  void aWrongConfigIsRefusedByField() {
    ClientConfig wrong = new ClientConfig(List.of(), 0, 0, 0, false, 0, "");
    var thrown = assertThrows(IllegalArgumentException.class, () -> RatchetClient.connect(wrong));
    String message = String.valueOf(thrown.getMessage());
    for (String field :
        List.of("servers", "timeoutMillis", "maxOutstanding", "threads", "stallMillis")) {
      assertTrue(message.contains(field), message);
    }
  }
}
