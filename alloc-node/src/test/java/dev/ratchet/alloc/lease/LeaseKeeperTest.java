package dev.ratchet.alloc.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.alloc.Asked;
import dev.ratchet.alloc.ManualControl;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.RegisterReply;
import dev.ratchet.proto.message.RegisterRequest;
import dev.ratchet.proto.message.RenewReply;
import dev.ratchet.proto.message.RenewRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LeaseKeeperTest {
  private static final int HOLDER = 1_600;
  private static final int RENEW = 250;
  private static final RenewReply OK = new RenewReply(1, List.of());

  /** The clock wraps around within each test. */
  private final ManualControl control = new ManualControl(Long.MAX_VALUE - 1_000_000);

  private final Asked<RegisterRequest, RegisterReply> registers = new Asked<>();
  private final Asked<RenewRequest, RenewReply> renewals = new Asked<>();
  private final List<Tenure> begun = new ArrayList<>();
  private final List<Tenure> ended = new ArrayList<>();
  private final List<Tenure> renewed = new ArrayList<>();
  private long lastProcess;
  private boolean storeThrows;

  private final LeaseKeeper keeper =
      new LeaseKeeper(
          new LeaseKeeper.Store() {
            @Override
            public CompletableFuture<RegisterReply> register(RegisterRequest request) {
              throwIfTold();
              return registers.ask(request);
            }

            @Override
            public CompletableFuture<RenewReply> renew(RenewRequest request) {
              throwIfTold();
              return renewals.ask(request);
            }

            private void throwIfTold() {
              if (storeThrows) {
                throw new IllegalStateException("said the test");
              }
            }
          },
          process -> new RegisterRequest("a", "z", "h", 1, process, HOLDER),
          () -> ++lastProcess,
          RENEW,
          control,
          control.clock(),
          begun::add,
          ended::add,
          (tenure, reply) -> renewed.add(tenure));

  private Tenure held() {
    return Objects.requireNonNull(keeper.current());
  }

  private boolean isValid() {
    Tenure tenure = keeper.current();
    return tenure != null && tenure.lease().isValid(control.nanos());
  }

  private void register(int incarnation) {
    keeper.start();
    control.run();
    registers.answer(new RegisterReply(incarnation));
    control.run();
  }

  @Test
  void aRegistrationAloneGivesNoRightToServe() {
    register(1);
    assertEquals(1, begun.size());
    assertFalse(isValid());
    assertNotEquals("", keeper.health());
    renewals.answer(OK);
    control.run();
    assertTrue(isValid());
    assertEquals("", keeper.health());
  }

  @Test
  void theLeaseCountsFromBeforeTheRenewalWasSent() {
    register(1);
    control.advance(200);
    renewals.answer(OK);
    control.run();
    control.advance(HOLDER - 201);
    assertTrue(isValid());
    control.advance(1);
    assertFalse(isValid());
  }

  @Test
  void theLeaseIsRenewedAtItsRate() {
    register(1);
    for (int i = 1; i <= 20; i++) {
      assertEquals(i, renewals.requests().size());
      renewals.answer(OK);
      control.advance(RENEW);
      assertTrue(isValid());
    }
    assertEquals(20, renewed.size());
  }

  @Test
  void aStoreThatThrowsIsAskedAgain() {
    storeThrows = true;
    keeper.start();
    control.advance(1_000);
    storeThrows = false;
    control.advance(1_000);
    registers.answer(new RegisterReply(1));
    control.run();
    renewals.answer(OK);
    control.run();
    storeThrows = true;
    control.advance(50 * RENEW);
    storeThrows = false;
    control.advance(RENEW);
    renewals.answer(OK);
    control.run();
    assertTrue(isValid(), "the same tenure serves on");
    assertEquals(1, begun.size());
  }

  @Test
  void unansweredRenewalsAreBounded() {
    register(1);
    control.advance(100 * RENEW);
    assertEquals(4, renewals.open());
    assertFalse(isValid());
  }

  @Test
  void whenRenewalsResumeTheSameTenureServesOn() {
    register(1);
    renewals.answer(OK);
    control.advance(HOLDER + RENEW);
    assertFalse(isValid());
    while (renewals.open() > 0) {
      renewals.fail(ErrorCode.TIMEOUT);
    }
    control.run();
    assertTrue(keeper.health().contains("can't be renewed"), keeper.health());
    Tenure before = held();
    control.advance(RENEW);
    renewals.answer(OK);
    control.run();
    assertTrue(isValid());
    assertSame(before, keeper.current());
    assertEquals(1, registers.requests().size());
  }

  @Test
  void anUnansweredRegistrationIsRepeatedAsItWas() {
    keeper.start();
    control.run();
    registers.fail(ErrorCode.TIMEOUT);
    control.advance(RENEW);
    assertEquals(registers.requests().get(0), registers.last(2));
  }

  @Test
  void aNodeIdInUseIsWaitedForAndSaidInHealth() {
    keeper.start();
    control.run();
    for (int i = 0; i < 5; i++) {
      registers.fail(ErrorCode.NODE_ID_IN_USE);
      control.advance(RENEW);
      assertTrue(keeper.health().contains("can't register"), keeper.health());
    }
    registers.answer(new RegisterReply(7));
    control.run();
    assertEquals(7, held().incarnation());
  }

  @Test
  void aStaleIncarnationEndsTheTenureAndRegistersAnewWithNothing() {
    register(1);
    renewals.answer(OK);
    control.run();
    Tenure old = held();
    control.advance(RENEW);
    renewals.fail(ErrorCode.STALE_INCARNATION);
    control.run();
    assertEquals(List.of(old), ended);
    assertTrue(old.lease().isEnded());
    assertFalse(old.lease().isValid(control.nanos()));
    assertNull(keeper.current());
    assertNotEquals(registers.requests().get(0).process(), registers.last(2).process());
    registers.answer(new RegisterReply(2));
    control.run();
    assertNotSame(old, keeper.current());
    assertNotSame(old.sections(), held().sections());
  }

  @Test
  void anAnswerToAnEndedTenureIsIgnored() {
    register(1);
    CompletableFuture<RenewReply> late = renewals.take();
    Tenure old = held();
    keeper.lost(old);
    control.run();
    registers.answer(new RegisterReply(2));
    control.run();
    late.complete(OK);
    control.run();
    assertFalse(old.lease().isValid(control.nanos()));
    assertFalse(isValid());
    assertEquals(List.of(), renewed);
  }

  @Test
  void aRefusalOfAnEndedTenureDoesNotEndTheNext() {
    register(1);
    CompletableFuture<RenewReply> late = renewals.take();
    keeper.lost(held());
    control.run();
    registers.answer(new RegisterReply(2));
    control.run();
    late.completeExceptionally(new RatchetException(ErrorCode.STALE_INCARNATION, "over"));
    control.run();
    assertEquals(2, held().incarnation());
    assertEquals(1, ended.size());
  }

  @Test
  void aTenureIsLostOnce() {
    register(1);
    Tenure old = held();
    keeper.lost(old);
    keeper.lost(old);
    control.run();
    assertEquals(1, ended.size());
    assertEquals(2, registers.requests().size());
  }

  /** Its sections' memory is gone, so their numbers would be issued again. */
  @Test
  void anIncarnationIsNeverHeldTwice() {
    register(5);
    keeper.lost(held());
    control.run();
    registers.answer(new RegisterReply(5));
    control.run();
    assertNull(keeper.current());
    assertTrue(keeper.health().contains("incarnation 5"), keeper.health());
    control.advance(RENEW);
    assertNotEquals(registers.requests().get(1).process(), registers.last(3).process());
    registers.answer(new RegisterReply(6));
    control.run();
    assertEquals(6, held().incarnation());
  }

  @Test
  void aLeavingNodeSaysSoInEveryRenewalUntilTheStoreKnows() {
    register(1);
    CompletableFuture<Void> known = keeper.leave();
    renewals.answer(OK);
    control.run();
    assertFalse(known.isDone(), "that renewal was sent before");
    assertTrue(renewals.last(2).leaving());
    renewals.fail(ErrorCode.TIMEOUT);
    control.advance(RENEW);
    assertTrue(renewals.last(3).leaving());
    renewals.answer(OK);
    control.run();
    assertTrue(known.isDone());
  }

  @Test
  void aLeavingNodeRenewsButDoesNotRegisterAgain() {
    register(1);
    CompletableFuture<Void> known = keeper.leave();
    renewals.answer(OK);
    renewals.fail(ErrorCode.STALE_INCARNATION);
    control.advance(10 * RENEW);
    assertEquals(1, ended.size());
    assertEquals(1, registers.requests().size());
    assertTrue(known.isDone(), "nobody waits for a store that has ended the lease already");
  }

  @Test
  void aNodeWithoutATenureLeavesAtOnce() {
    keeper.start();
    control.run();
    registers.fail(ErrorCode.NODE_ID_IN_USE);
    control.run();
    assertTrue(keeper.leave().isDone());
    control.advance(10 * RENEW);
    assertEquals(1, registers.requests().size());
  }

  /**
   * The store would grant sections to the process that is gone, and hold them until the lease is
   * over: the registration that is on its way must be known, and given up.
   */
  @Test
  void aNodeThatLeavesWhileItRegistersGivesTheLeaseUpThatItGot() {
    keeper.start();
    control.run();
    CompletableFuture<Void> known = keeper.leave();
    assertFalse(known.isDone());
    registers.answer(new RegisterReply(3));
    control.run();
    assertEquals(3, held().incarnation());
    assertTrue(renewals.last(1).leaving());
    assertFalse(known.isDone());
    renewals.answer(OK);
    control.run();
    assertTrue(known.isDone());
  }

  @Test
  void aNodeThatLeavesAsksAgainWhetherItWasRegistered() {
    keeper.start();
    control.run();
    registers.fail(ErrorCode.TIMEOUT);
    control.run();
    CompletableFuture<Void> known = keeper.leave();
    control.advance(RENEW);
    assertEquals(registers.requests().get(0), registers.last(2));
    registers.fail(ErrorCode.UNKNOWN_OUTCOME);
    control.advance(RENEW);
    assertFalse(known.isDone());
    registers.fail(ErrorCode.NODE_ID_IN_USE);
    control.run();
    assertTrue(known.isDone(), "another process has the lease");
    control.advance(10 * RENEW);
    assertEquals(3, registers.requests().size());
  }

  @Test
  void aNodeThatWasRefusedWhileItLeavesIsDone() {
    keeper.start();
    control.run();
    CompletableFuture<Void> known = keeper.leave();
    registers.fail(ErrorCode.UNAVAILABLE);
    control.run();
    assertTrue(known.isDone());
    control.advance(10 * RENEW);
    assertEquals(1, registers.requests().size());
  }

  @Test
  void aRegistrationAnsweredAfterTheCloseIsIgnored() {
    keeper.start();
    control.run();
    keeper.close();
    registers.answer(new RegisterReply(1));
    control.advance(10 * RENEW);
    assertNull(keeper.current());
    assertEquals(List.of(), begun);
    assertEquals(0, control.waiting());
  }

  @Test
  void closeEndsTheTenureAndAllTimers() {
    register(1);
    Tenure tenure = held();
    keeper.close();
    keeper.close();
    assertEquals(List.of(tenure), ended);
    control.run();
    assertEquals(0, control.waiting());
    assertTrue(keeper.health().contains("shutting down"));
  }
}
