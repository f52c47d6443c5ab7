package dev.ratchet.alloc;

import static dev.ratchet.alloc.Caller.await;
import static dev.ratchet.alloc.Caller.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.IssueItem;
import dev.ratchet.proto.message.IssueReply;
import dev.ratchet.proto.message.IssueResult;
import dev.ratchet.proto.message.RaiseRequest;
import dev.ratchet.proto.message.RenewRequest;
import dev.ratchet.proto.message.SectionRate;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node over real sockets, with a store whose faults are scripted and a clock that can jump. */
@Timeout(30)
class AllocNodeTest {
  private static final int HOLDER_MILLIS = 1_600;
  private static final long STEP = 100;

  private final AtomicLong jumped = new AtomicLong();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final EventLoops loops = new EventLoops("caller", 1);
  private FakeStore store;
  private Namespace uid;

  @BeforeEach
  void startStore() throws IOException {
    store = new FakeStore();
    uid = store.add(Namespace.uid("u", 199, 100, STEP));
  }

  @AfterEach
  void closeAll() throws Exception {
    store.heal();
    Collections.reverse(open);
    for (AutoCloseable one : open) {
      one.close();
    }
    loops.close();
    store.close();
  }

  private AllocConfig config(String node) {
    return new AllocConfig(
        node,
        "z",
        new HostPort("127.0.0.1", 0),
        "127.0.0.1",
        List.of(store.address()),
        20,
        HOLDER_MILLIS,
        2,
        3,
        200,
        64 << 20);
  }

  private AllocNode start(AllocConfig config) throws IOException {
    AllocNode node =
        AllocNode.start(config, new SimpleMeterRegistry(), () -> System.nanoTime() + jumped.get());
    open.add(node);
    return node;
  }

  /** Starts a node that is granted both sections. */
  private AllocNode serving(String name) throws IOException {
    AllocNode node = start(config(name));
    await("the node is ready", node::isReady);
    Caller caller = connect(node);
    await("section 0 is served", () -> isServed(caller, 0));
    await("section 1 is served", () -> isServed(caller, 150));
    return node;
  }

  private boolean isServed(Caller caller, long key) {
    try {
      return caller.take(uid, key, 0, epoch(uid.sectionOf(key))).error() == 0;
    } catch (CompletionException e) {
      return false;
    }
  }

  private Caller connect(AllocNode node) {
    return connect(node, store.routes.version());
  }

  private Caller connect(AllocNode node, long routeVersion) {
    Caller caller = new Caller(loops, node.address(), routeVersion);
    open.add(caller);
    return caller;
  }

  private long epoch(int section) {
    return store.state.epoch(uid.id(), section);
  }

  private static void assertError(ErrorCode code, IssueResult result) {
    assertEquals(code, ErrorCode.of(result.error()), result.message());
  }

  private static ErrorCode failure(CompletableFuture<?> call) {
    CompletionException failure = assertThrows(CompletionException.class, () -> get(call));
    return RatchetException.of(failure).code();
  }

  @Test
  void numbersComeFromTheGrantAndRiseByOne() throws IOException {
    AllocNode node = serving("a");
    Caller caller = connect(node);
    assertEquals(new IssueResult(0, 0, 1, false, ""), caller.take(uid, 5, 0, 1));
    assertEquals(new IssueResult(0, 1, 1, false, ""), caller.take(uid, 5, 1, 1));
    assertEquals(new IssueResult(0, 2, 1, false, ""), caller.take(uid, 5, 10, 1));
    assertEquals(new IssueResult(0, 11, 1, false, ""), caller.take(uid, 5, 0, 1));
    assertEquals(1, caller.take(uid, 150, 1, 1).value());
  }

  @Test
  void renewalsSayHowBusyTheNodeIs() throws IOException {
    Caller caller = connect(serving("a"));
    await(
        "a measurement in which section 1 was busy",
        () -> {
          caller.take(uid, 150, 1, 1);
          List<SectionRate> busiest = store.state.lastRenewal().busiest();
          return !busiest.isEmpty() && busiest.get(0).section() == 1;
        });
    RenewRequest said = store.state.lastRenewal();
    assertTrue(said.measurement() > 0);
    assertTrue(said.rate() >= said.busiest().get(0).rate(), said::toString);
    assertEquals(uid.id(), said.busiest().get(0).namespaceId());
  }

  @Test
  void ceilingsAreRaisedAheadSoThatNumbersGoOn() throws IOException {
    AllocNode node = serving("a");
    Caller caller = connect(node);
    for (long expected = 1; expected <= 10 * STEP; expected++) {
      IssueResult result = caller.take(uid, 5, 1, 1);
      assertEquals(expected, result.value(), result.message());
      assertTrue(result.value() <= store.state.maxSeq(uid.id(), 0));
    }
  }

  @Test
  void withoutRenewalsTheLeaseIsLostAndWithThemNumbersGoOn() throws IOException {
    AllocNode node = serving("a");
    Caller caller = connect(node);
    assertEquals(1, caller.take(uid, 5, 1, 1).value());
    store.all(Calls.RENEW, FakeStore.Fault.SILENT);
    jumped.addAndGet(TimeUnit.MILLISECONDS.toNanos(HOLDER_MILLIS));
    // A renewal sent before the silence may still be answered; it counts from before the jump.
    assertEquals(ErrorCode.LEASE_LOST, failure(caller.send(uid, 5, 1, 1)));
    assertFalse(node.isReady());
    store.heal(Calls.RENEW);
    await("the lease is back", node::isReady);
    assertEquals(2, caller.take(uid, 5, 1, 1).value());
    assertEquals(1, epoch(0));
  }

  @Test
  void aNumberTakenBeforeTheLeaseEndedIsNotToldAfterwards() throws IOException {
    AllocNode node = serving("a");
    Caller caller = connect(node);
    store.all(Calls.RAISE, FakeStore.Fault.HELD);
    IssueItem one = new IssueItem(uid.id(), 5, 1, 1);
    IssueItem much = new IssueItem(uid.id(), 6, (int) STEP + 1, 1);
    CompletableFuture<IssueReply> batch = caller.send(one, much);
    await("the batch waits", () -> store.held() > 0);
    store.all(Calls.RENEW, FakeStore.Fault.SILENT);
    jumped.addAndGet(TimeUnit.MILLISECONDS.toNanos(HOLDER_MILLIS));
    assertEquals(ErrorCode.LEASE_LOST, failure(batch));
  }

  /** As TiKV PD once did: a re-elected server went on from the memory of its former life. */
  @Test
  void anExpiredNodeRegistersAnewAndServesNothingFromItsOldMemory() throws IOException {
    AllocNode node = serving("a");
    Caller caller = connect(node);
    long highest = caller.take(uid, 5, 60, 1).value() + 59;
    int old = store.state.incarnations().get(0);
    store.state.expire(old);
    await("a new incarnation", () -> store.state.incarnations().stream().anyMatch(i -> i > old));
    await("its sections are served", () -> isServed(caller, 5));
    assertEquals(2, epoch(0));
    IssueResult current = caller.take(uid, 5, 0, 2);
    assertTrue(current.upperBound() && current.value() >= highest);
    IssueResult next = caller.take(uid, 5, 1, 2);
    assertTrue(next.value() > highest, next.value() + " after " + highest);
    assertError(ErrorCode.NOT_OWNER, caller.take(uid, 5, 1, 1));
  }

  @Test
  void whileTheStoreIsSilentCallsAboveTheWindowAreRefusedInTimeAndGoOnAfterwards()
      throws IOException {
    AllocNode node = serving("a");
    Caller caller = connect(node);
    store.all(Calls.RAISE, FakeStore.Fault.SILENT);
    assertEquals(1, caller.take(uid, 5, (int) STEP, 1).value());
    assertError(ErrorCode.WINDOW_EXHAUSTED, caller.take(uid, 5, 1, 1));
    assertEquals(1, caller.take(uid, 6, 1, 1).value(), "another user's window is not used up");
    store.heal(Calls.RAISE);
    await(
        "the ceiling is raised",
        () -> caller.take(uid, 5, 0, 1).error() == 0 && store.state.maxSeq(uid.id(), 0) > STEP);
    IssueResult next = caller.take(uid, 5, 1, 1);
    while (next.error() == ErrorCode.WINDOW_EXHAUSTED.number()) {
      next = caller.take(uid, 5, 1, 1);
    }
    assertEquals(STEP + 1, next.value());
  }

  @Test
  void whenTooManyCallsWaitOthersAreRefusedAtOnce() throws IOException {
    AllocNode node = serving("a");
    Caller caller = connect(node);
    store.all(Calls.RAISE, FakeStore.Fault.HELD);
    List<CompletableFuture<IssueResult>> calls = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      calls.add(caller.send(uid, 5, (int) STEP + 1, 1));
    }
    assertError(ErrorCode.OVERLOADED, get(calls.get(3)));
    assertError(ErrorCode.OVERLOADED, get(calls.get(4)));
    for (int i = 0; i < 3; i++) {
      assertError(ErrorCode.WINDOW_EXHAUSTED, get(calls.get(i)));
    }
  }

  @Test
  void callsPipelinedBehindOneThatWaitsKeepTheirOrder() throws IOException {
    AllocNode node = serving("a");
    Caller caller = connect(node);
    store.all(Calls.RAISE, FakeStore.Fault.HELD);
    List<CompletableFuture<IssueResult>> calls = new ArrayList<>();
    calls.add(caller.send(uid, 5, 60, 1));
    calls.add(caller.send(uid, 5, 60, 1));
    calls.add(caller.send(uid, 5, 1, 1));
    await("a raise is held", () -> store.held() > 0);
    store.heal(Calls.RAISE);
    store.letGo();
    assertEquals(1, get(calls.get(0)).value());
    assertEquals(61, get(calls.get(1)).value());
    assertEquals(121, get(calls.get(2)).value());
  }

  @Test
  void keysOfOneBatchAreServedInOrderAlsoAcrossAWait() throws IOException {
    AllocNode node = serving("a");
    Caller caller = connect(node);
    IssueItem much = new IssueItem(uid.id(), 5, 60, 1);
    IssueItem one = new IssueItem(uid.id(), 5, 1, 1);
    IssueReply reply = get(caller.send(one, much, much, one));
    assertEquals(
        List.of(1L, 2L, 62L, 122L), reply.results().stream().map(IssueResult::value).toList());
  }

  @Test
  void aClosedNodeHandsItsExactPositionsToTheNext() throws IOException {
    AllocNode first = serving("a");
    Caller caller = connect(first);
    assertEquals(1, caller.take(uid, 5, 7, 1).value());
    assertEquals(1, caller.take(uid, 150, 1, 1).value());
    long ceiling = store.state.maxSeq(uid.id(), 0);
    AllocNode second = start(config("b"));
    await("the second is ready", second::isReady);
    first.close();
    Caller next = connect(second);
    await("the sections are served there", () -> isServed(next, 5) && isServed(next, 150));
    assertEquals(new IssueResult(0, 7, 2, false, ""), next.take(uid, 5, 0, 2));
    assertEquals(8, next.take(uid, 5, 1, 2).value());
    assertEquals(2, next.take(uid, 150, 1, 2).value());
    assertEquals(1, next.take(uid, 6, 1, 2).value());
    assertEquals(ceiling, store.state.maxSeq(uid.id(), 0), "no window was skipped");
  }

  @Test
  void aSectionWantedElsewhereMovesWithoutAGap() throws IOException {
    AllocNode first = serving("a");
    Caller caller = connect(first);
    assertEquals(1, caller.take(uid, 5, 7, 1).value());
    AllocNode second = start(config("b"));
    await("two nodes", () -> store.state.incarnations().size() == 2);
    store.state.move(uid.id(), 0, store.state.incarnations().get(1));
    Caller next = connect(second);
    await("the section is served there", () -> isServed(next, 5));
    assertEquals(8, next.take(uid, 5, 1, 2).value());
    assertError(ErrorCode.NOT_OWNER, caller.take(uid, 5, 1, 1));
    assertEquals(1, caller.take(uid, 150, 1, 1).value(), "the other section stays");
  }

  /** The next owner may be past it: a stopped section tells nothing. */
  @Test
  void aSectionThatIsBeingGivenBackDoesNotTellItsLastNumber() throws IOException {
    AllocNode first = serving("a");
    Caller caller = connect(first);
    assertEquals(1, caller.take(uid, 5, 7, 1).value());
    store.all(Calls.RELEASE, FakeStore.Fault.HELD);
    start(config("b"));
    await("two nodes", () -> store.state.incarnations().size() == 2);
    store.state.move(uid.id(), 0, store.state.incarnations().get(1));
    await("the release is on its way", () -> store.held() > 0);
    assertError(ErrorCode.NOT_OWNER, caller.take(uid, 5, 0, 1));
    assertError(ErrorCode.NOT_OWNER, caller.take(uid, 5, 1, 1));
  }

  @Test
  void aReleaseWhoseAnswerIsLostIsRepeatedAndDone() throws IOException {
    AllocNode first = serving("a");
    assertEquals(1, connect(first).take(uid, 5, 7, 1).value());
    AllocNode second = start(config("b"));
    await("the second is ready", second::isReady);
    store.next(Calls.RELEASE, FakeStore.Fault.LOST, 1);
    first.close();
    Caller next = connect(second);
    await("the section is served there", () -> isServed(next, 5));
    assertEquals(8, next.take(uid, 5, 1, 2).value());
    assertEquals(1, store.state.incarnations().size(), "the first did not register again");
  }

  @Test
  void aRaiseWhoseAnswerIsLostIsRepeatedAsTheSameCompareAndSet() throws IOException {
    AllocNode node = serving("a");
    Caller caller = connect(node);
    store.next(Calls.RAISE, FakeStore.Fault.LOST, 1);
    assertEquals(1, caller.take(uid, 5, (int) STEP, 1).value());
    await("the raise is repeated", () -> store.raises.size() >= 2);
    assertEquals(store.raises.get(0), store.raises.get(1));
    IssueResult next = caller.take(uid, 5, 1, 1);
    assertEquals(STEP + 1, next.value(), next.message());
    RaiseRequest first = store.raises.get(0);
    assertTrue(store.state.maxSeq(uid.id(), 0) >= first.items().get(0).target());
  }

  @Test
  void aCallWithAnotherEpochIsRefusedAndNewerRoutesRideAlong() throws IOException {
    AllocNode node = serving("a");
    Caller caller = connect(node, 1);
    await(
        "the node's routes are new",
        () -> {
          IssueReply reply = get(caller.send(new IssueItem(uid.id(), 5, 1, 99)));
          assertError(ErrorCode.NOT_OWNER, reply.results().get(0));
          return reply.routes().size() == 1
              && reply.routes().get(0).runs().stream().anyMatch(run -> run.epoch() == 1);
        });
    IssueReply current = get(connect(node).send(new IssueItem(uid.id(), 5, 1, 99)));
    assertEquals(List.of(), current.routes(), "a caller with the newest is told none");
  }

  @Test
  void whatIsWrongWithAKeyIsSaidForThatKeyAlone() throws IOException {
    AllocNode node = serving("a");
    Caller caller = connect(node);
    IssueReply reply =
        get(
            caller.send(
                new IssueItem(uid.id(), 200, 1, 1),
                new IssueItem(uid.id(), -1, 1, 1),
                new IssueItem(uid.id(), 5, -1, 1),
                new IssueItem(uid.id(), 5, Limits.MAX_COUNT + 1, 1),
                new IssueItem(77, 5, 1, 1),
                new IssueItem(uid.id(), 5, 1, 0),
                new IssueItem(uid.id(), 5, 1, 1)));
    List<ErrorCode> wrong =
        List.of(
            ErrorCode.INVALID_KEY,
            ErrorCode.INVALID_KEY,
            ErrorCode.INVALID_COUNT,
            ErrorCode.INVALID_COUNT,
            ErrorCode.NOT_OWNER,
            ErrorCode.NOT_OWNER);
    for (int i = 0; i < wrong.size(); i++) {
      assertError(wrong.get(i), reply.results().get(i));
      assertNotEquals("", reply.results().get(i).message());
    }
    assertEquals(1, reply.results().get(wrong.size()).value(), "no number was used up");
  }

  @Test
  void theLargestCountIsServedThroughARaise() throws IOException {
    AllocNode node = serving("a");
    IssueResult result = connect(node).take(uid, 5, Limits.MAX_COUNT, 1);
    assertEquals(1, result.value(), result.message());
  }

  @Test
  void aBatchPastItsLimitIsRefusedWhole() throws IOException {
    AllocNode node = serving("a");
    Caller caller = connect(node);
    IssueItem one = new IssueItem(uid.id(), 5, 1, 1);
    IssueItem[] most = Collections.nCopies(Limits.MAX_BATCH, one).toArray(IssueItem[]::new);
    IssueItem[] over = Collections.nCopies(Limits.MAX_BATCH + 1, one).toArray(IssueItem[]::new);
    assertEquals(ErrorCode.INVALID_ARGUMENT, failure(caller.send(over)));
    assertEquals(Limits.MAX_BATCH, get(caller.send(most)).results().size());
    assertEquals(0, get(caller.send()).results().size());
  }

  @Test
  void aNodeWhoseIdIsInUseWaitsAndSaysSo() throws IOException {
    AllocNode first = serving("a");
    AllocNode second = start(config("a"));
    await("it says why", () -> second.health().contains("in use"));
    assertFalse(second.isReady());
    assertTrue(first.isReady());
    assertEquals(ErrorCode.LEASE_LOST, failure(connect(second).send(uid, 5, 1, 1)));
    first.close();
    await("the second has the id", second::isReady);
  }

  @Test
  void theLeaderIsFoundByTheHintOfAnother() throws IOException {
    try (FakeStore follower = new FakeStore()) {
      follower.hint = store.address().toString();
      for (var call :
          List.of(
              Calls.REGISTER,
              Calls.RENEW,
              Calls.GRANTS,
              Calls.ROUTES,
              Calls.RAISE,
              Calls.RELEASE,
              Calls.HANDOVER)) {
        follower.all(call, FakeStore.Fault.NOT_LEADER);
      }
      AllocConfig only = config("a");
      AllocNode node =
          start(
              new AllocConfig(
                  "a",
                  "z",
                  only.listen(),
                  only.advertiseHost(),
                  List.of(follower.address()),
                  20,
                  HOLDER_MILLIS,
                  1,
                  10,
                  200,
                  64 << 20));
      await("the node is ready", node::isReady);
      Caller caller = connect(node);
      await("section 0 is served", () -> isServed(caller, 5));
      assertEquals(1, caller.take(uid, 5, 1, 1).value());
    }
  }

  @Test
  void aStoppedNodeSaysSoAndStopsOnce() throws IOException {
    AllocNode node = serving("a");
    node.close();
    node.close();
    assertFalse(node.isReady());
    assertEquals("the node is shutting down", node.health());
    assertEquals(List.of(), store.state.incarnations(), "it gave its lease up");
  }

  @Test
  void aPortInUseIsSaidByItsAddress() throws IOException {
    AllocNode node = serving("a");
    AllocConfig taken = config("b");
    HostPort address = node.address();
    AllocConfig same =
        new AllocConfig(
            "b",
            "z",
            address,
            "127.0.0.1",
            taken.stores(),
            20,
            HOLDER_MILLIS,
            1,
            10,
            200,
            64 << 20);
    IOException failure = assertThrows(IOException.class, () -> start(same));
    assertTrue(String.valueOf(failure.getMessage()).contains(address.toString()));
  }
}
