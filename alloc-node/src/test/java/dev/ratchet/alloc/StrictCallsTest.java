package dev.ratchet.alloc;

import static dev.ratchet.alloc.Caller.await;
import static dev.ratchet.alloc.Caller.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.IssueItem;
import dev.ratchet.proto.message.IssueReply;
import dev.ratchet.proto.message.IssueResult;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that serves a strict namespace beside one that is not. */
@Timeout(30)
class StrictCallsTest {
  private final EventLoops loops = new EventLoops("caller", 1);
  private FakeStore store;
  private Namespace ledger;
  private Namespace users;
  private AllocNode node;
  private Caller caller;

  @BeforeEach
  void serve() throws IOException {
    store = new FakeStore();
    ledger = store.add(Namespace.uid("ledger", 199, 100, 100).asStrict());
    users = store.add(Namespace.uid("users", 199, 100, 100));
    AllocConfig config =
        AllocConfig.of("a", "z", new HostPort("127.0.0.1", 0), List.of(store.address()));
    node = AllocNode.start(config, new SimpleMeterRegistry());
    await("the node is ready", node::isReady);
    caller = new Caller(loops, node.address(), store.routes.version());
    await("all is served", () -> isServed(ledger, 5) && isServed(users, 150));
  }

  @AfterEach
  void close() {
    store.heal();
    caller.close();
    node.close();
    loops.close();
    store.close();
  }

  private boolean isServed(Namespace namespace, long key) {
    try {
      return caller.take(namespace, key, 0, 1).error() == 0;
    } catch (CompletionException e) {
      return false;
    }
  }

  @Test
  void numbersRiseByOneAsInAnyNamespace() {
    for (long expected = 1; expected <= 250; expected++) {
      IssueResult result = caller.take(ledger, 5, 1, 1);
      assertEquals(expected, result.value(), result.message());
    }
    assertEquals(250, caller.take(ledger, 5, 0, 1).value());
  }

  @Test
  void noStrictAnswerGoesOutBeforeItsBarrierAndOthersDoNotWait() {
    store.all(Calls.CONFIRM, FakeStore.Fault.HELD);
    CompletableFuture<IssueResult> strict = caller.send(ledger, 5, 1, 1);
    CompletableFuture<IssueResult> current = caller.send(ledger, 6, 0, 1);
    await("the barriers are on their way", () -> store.held() > 0);
    assertEquals(1, caller.take(users, 5, 1, 1).value());
    assertFalse(strict.isDone());
    assertFalse(current.isDone());
    store.heal(Calls.CONFIRM);
    store.letGo();
    assertEquals(1, get(strict).value());
    assertEquals(0, get(current).error());
  }

  /**
   * The old owner's lease is valid all the while, and its clock may stand still for all we care.
   */
  @Test
  void aSectionTakenOverMeanwhileIsNotAnswered() {
    store.state.takeOver(ledger.id(), 0, 99);
    for (int count : new int[] {1, 0}) {
      IssueResult refused = caller.take(ledger, 5, count, 1);
      assertEquals(ErrorCode.NOT_OWNER, ErrorCode.of(refused.error()), refused.message());
      assertEquals(0, refused.value());
    }
    assertTrue(node.isReady());
    assertEquals(1, caller.take(ledger, 150, 1, 1).value(), "the section beside it is still there");
  }

  @Test
  void ofABatchOnlyTheStaleSectionIsRefused() {
    store.state.takeOver(ledger.id(), 0, 99);
    IssueReply reply =
        get(
            caller.send(
                new IssueItem(ledger.id(), 5, 1, 1),
                new IssueItem(users.id(), 5, 1, 1),
                new IssueItem(ledger.id(), 150, 1, 1)));
    assertEquals(ErrorCode.NOT_OWNER, ErrorCode.of(reply.results().get(0).error()));
    assertEquals(1, reply.results().get(1).value());
    assertEquals(1, reply.results().get(2).value());
  }

  @Test
  void withoutAStoreStrictCallsAreRefusedInTimeAndSkipTheirNumbers() {
    assertEquals(1, caller.take(ledger, 5, 1, 1).value());
    store.all(Calls.CONFIRM, FakeStore.Fault.SILENT);
    IssueResult refused = caller.take(ledger, 5, 1, 1);
    assertEquals(ErrorCode.UNAVAILABLE, ErrorCode.of(refused.error()), refused.message());
    assertEquals(1, caller.take(users, 5, 1, 1).value());
    store.heal(Calls.CONFIRM);
    assertEquals(3, caller.take(ledger, 5, 1, 1).value());
  }
}
