package dev.ratchet.alloc.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.alloc.Asked;
import dev.ratchet.alloc.HeldSections;
import dev.ratchet.alloc.barrier.Barrier;
import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.alloc.window.Raiser;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.ConfirmReply;
import dev.ratchet.proto.message.ConfirmRequest;
import dev.ratchet.proto.message.IssueItem;
import dev.ratchet.proto.message.IssueReply;
import dev.ratchet.proto.message.IssueRequest;
import dev.ratchet.proto.message.IssueResult;
import dev.ratchet.proto.message.RaiseReply;
import dev.ratchet.proto.message.RaiseRequest;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.Answer;
import dev.ratchet.proto.time.MonotonicClock;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuickIssueTest {
  private static final long EPOCH = 5;

  private final HeldSections held = new HeldSections();
  private final Namespace ledger = Namespace.string("ledger", 50, 10).asStrict().withId(2);
  private final RouteTable routes = new RouteTable();
  private final Asked<RaiseRequest, RaiseReply> store = new Asked<>();
  private final Asked<ConfirmRequest, ConfirmReply> barrierCalls = new Asked<>();
  private final Raiser raiser =
      new Raiser(store::ask, held.witness, held.control, held.room, held.exit, held::lose);
  private final Barrier barrier =
      new Barrier(barrierCalls::ask, held.control, held.exit, 10, held::lose);

  /** Run whenever somebody looks at the clock. */
  private Runnable atClock = () -> {};

  private final MonotonicClock clock =
      () -> {
        atClock.run();
        return held.control.nanos();
      };
  private final @Nullable Tenure[] current = {held.tenure};
  private final IssueHandler handler =
      new IssueHandler(
          () -> current[0], routes, raiser, held.room, barrier, held.control.clock(), 1_000);
  private final DirectIssue direct =
      new DirectIssue(() -> current[0], raiser, held.room, held.control.clock(), handler::issued);
  private final QuickIssue quick = new QuickIssue(() -> current[0], routes, direct, handler, clock);

  @BeforeEach
  void know() {
    routes.apply(new RouteDelta(0, 9, List.of(held.namespace, ledger), List.of(), List.of()));
  }

  /** What a caller got. */
  private static final class Got implements Answer<IssueReply> {
    private @Nullable IssueReply reply;
    private @Nullable RatchetException error;
    private int answers;

    @Override
    public long callerRouteVersion() {
      return 9;
    }

    @Override
    public void reply(IssueReply given) {
      answers++;
      reply = given;
    }

    @Override
    public void replyEncoded(byte[] given) {
      reply(IssueReply.SCHEMA.decode(given));
    }

    @Override
    public void fail(RatchetException given) {
      answers++;
      error = given;
    }

    List<IssueResult> results() {
      assertEquals(1, answers);
      assertNull(error);
      assertNotNull(reply);
      return reply.results();
    }

    List<Long> values() {
      return results().stream().map(IssueResult::value).toList();
    }

    List<Integer> errors() {
      return results().stream().map(IssueResult::error).toList();
    }
  }

  private IssueItem item(long key, int count) {
    return new IssueItem(held.namespace.id(), key, count, EPOCH);
  }

  private boolean handle(Got got, IssueItem... items) {
    return quick.handle(
        IssueRequest.SCHEMA.encode(new IssueRequest(Arrays.asList(items), 500)), got);
  }

  private Got served(IssueItem... items) {
    Got got = new Got();
    assertTrue(handle(got, items));
    return got;
  }

  private void left(IssueItem... items) {
    Got got = new Got();
    assertFalse(handle(got, items));
    assertEquals(0, got.answers);
  }

  @Test
  void numbersOfSeveralSectionsAreTakenInOrder() {
    held.hold(3, EPOCH, 0, 100);
    held.hold(4, EPOCH, 1_000, 1_100);
    assertEquals(
        List.of(1L, 1_001L, 2L, 7L),
        served(item(53, 1), item(4, 2), item(53, 5), item(53, 1)).values());
    assertEquals(9, handler.numbers());
    assertEquals(List.of(1_003L), served(item(4, 1)).values());
  }

  @Test
  void everyResultNamesItsEpoch() {
    held.hold(3, EPOCH, 0, 100);
    assertEquals(new IssueResult(0, 1, EPOCH, false, ""), served(item(53, 1)).results().get(0));
  }

  @Test
  void aRaiseIsAskedForBeforeTheWindowIsUsedUp() {
    held.hold(3, EPOCH, 0, 20);
    served(item(53, 17));
    held.control.run();
    assertEquals(1, store.last(1).items().size());
  }

  @Test
  void withoutALeaseNothingIsTaken() {
    Section section = held.hold(3, EPOCH, 0, 100);
    held.tenure.lease().end(held.control.nanos());
    left(item(53, 1));
    current[0] = null;
    left(item(53, 1));
    assertEquals(0, section.last(53));
  }

  @Test
  void aLeaseThatEndsDuringTheCallRefusesAllOfIt() {
    Section section = held.hold(3, EPOCH, 0, 100);
    // Valid when the request arrives; ended when the numbers are taken.
    atClock = () -> atClock = () -> held.tenure.lease().end(held.control.nanos());
    Got got = served(item(53, 1), item(53, 1));
    assertNotNull(got.error);
    assertEquals(ErrorCode.LEASE_LOST, got.error.code());
    assertEquals(2, section.last(53));
  }

  @Test
  void whatIsNotPlainFromTheFirstItemOnIsLeft() {
    Section section = held.hold(3, EPOCH, 0, 20);
    held.hold(ledger, 3, EPOCH, 0, 20);
    left();
    left(item(53, 0));
    left(item(53, -1));
    left(item(53, Limits.MAX_COUNT + 1));
    left(item(54, 1));
    left(item(53, 21));
    left(new IssueItem(held.namespace.id(), 53, 1, EPOCH - 1));
    left(new IssueItem(77, 53, 1, EPOCH));
    left(new IssueItem(ledger.id(), 53, 1, EPOCH));
    left(Collections.nCopies(Limits.MAX_BATCH + 1, item(53, 1)).toArray(IssueItem[]::new));
    assertFalse(quick.handle(new byte[] {1, 2, 3}, new Got()));
    section.stop();
    left(item(53, 1));
    assertEquals(0, section.last(53));
  }

  @Test
  void anItemThatIsRefusedDoesNotConcernThoseAroundIt() {
    held.hold(3, EPOCH, 0, 100);
    Got got = served(item(53, 1), item(54, 1), item(53, 1), item(53, 0));
    assertEquals(List.of(0, ErrorCode.NOT_OWNER.number(), 0, 0), got.errors());
    assertEquals(List.of(1L, 0L, 2L, 2L), got.values());
    assertEquals(2, handler.numbers());
  }

  @Test
  void anItemAboveTheCeilingIsWaitedForWithNothingTakenTwice() {
    Section section = held.hold(3, EPOCH, 0, 20);
    Got got = new Got();
    assertTrue(handle(got, item(53, 15), item(53, 10), item(53, 1)));
    assertEquals(0, got.answers);
    section.raised(100);
    held.room.serve(section);
    assertEquals(List.of(1L, 16L, 26L), got.values());
    assertEquals(26, handler.numbers());
  }

  @Test
  void aStrictItemAmongThemIsConfirmed() {
    held.hold(3, EPOCH, 0, 100);
    held.hold(ledger, 3, EPOCH, 0, 20);
    Got got = new Got();
    assertTrue(handle(got, item(53, 1), new IssueItem(ledger.id(), 53, 1, EPOCH)));
    assertEquals(0, got.answers);
    held.run();
    assertEquals(1, barrierCalls.last(1).sections().size());
    barrierCalls.answer(new ConfirmReply(List.of()));
    held.run();
    assertEquals(List.of(1L, 1L), got.values());
  }

  @Test
  void whatWasTakenBeforeAnItemThatWaitsIsRefusedOnceTheLeaseIsOver() {
    Section section = held.hold(3, EPOCH, 0, 20);
    Got got = new Got();
    assertTrue(handle(got, item(53, 15), item(53, 10)));
    held.tenure.lease().end(held.control.nanos());
    section.raised(100);
    held.room.serve(section);
    assertEquals(1, got.answers);
    assertNotNull(got.error);
    assertEquals(ErrorCode.LEASE_LOST, got.error.code());
  }
}
