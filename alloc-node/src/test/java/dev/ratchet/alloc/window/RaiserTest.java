package dev.ratchet.alloc.window;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.alloc.Asked;
import dev.ratchet.alloc.HeldSections;
import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.RaiseItem;
import dev.ratchet.proto.message.RaiseReply;
import dev.ratchet.proto.message.RaiseRequest;
import dev.ratchet.proto.message.RaiseResult;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RaiserTest {
  private final HeldSections held = new HeldSections();
  private final Asked<RaiseRequest, RaiseReply> store = new Asked<>();
  private final Answers answers = new Answers();
  private final Raiser raiser =
      new Raiser(store::ask, held.witness, held.control, held.room, held.exit, held::lose);

  private static RaiseReply ok(int sections) {
    RaiseResult[] results = new RaiseResult[sections];
    Arrays.fill(results, new RaiseResult(0, 1, 0));
    return new RaiseReply(List.of(results));
  }

  private static RaiseReply refused(ErrorCode code) {
    return new RaiseReply(List.of(new RaiseResult(code.number(), 1, 0)));
  }

  private void want(Section section, long atLeast) {
    raiser.want(held.tenure, section, atLeast);
    held.control.run();
  }

  @Test
  void aRaiseIsACompareAndSetOnEpochAndCeiling() {
    Section section = held.hold(3, 5, 0, 20);
    want(section, 17);
    assertEquals(new RaiseRequest(7, List.of(new RaiseItem(1, 3, 5, 20, 30))), store.last(1));
  }

  @Test
  void noNumberAboveTheCeilingIsIssuedBeforeTheRaiseIsCommitted() {
    Section section = held.hold(3, 5, 0, 20);
    want(section, 17);
    assertEquals(Section.ABOVE_CEILING, section.take(1, 21));
    store.answer(ok(1));
    assertEquals(20, section.maxSeq(), "an answer is taken in on the control thread alone");
    held.control.run();
    assertEquals(30, section.maxSeq());
    assertFalse(section.isRaising());
    assertEquals(1, raiser.raises());
  }

  @Test
  void anUnansweredRaiseIsRepeatedByteForByte() {
    Section section = held.hold(3, 5, 0, 20);
    want(section, 17);
    section.take(1, 20);
    want(section, 1_000);
    for (ErrorCode lost :
        List.of(
            ErrorCode.TIMEOUT,
            ErrorCode.CONNECTION_LOST,
            ErrorCode.UNKNOWN_OUTCOME,
            ErrorCode.NOT_LEADER,
            ErrorCode.INTERNAL)) {
      store.fail(lost);
      held.control.advance(50);
    }
    byte[] first = RaiseRequest.SCHEMA.encode(store.requests().get(0));
    assertEquals(6, store.requests().size());
    for (RaiseRequest request : store.requests()) {
      assertArrayEquals(first, RaiseRequest.SCHEMA.encode(request));
    }
    store.answer(ok(1));
    held.control.run();
    assertEquals(30, section.maxSeq());
  }

  @Test
  void anAnswerInPartIsNoAnswer() {
    Section section = held.hold(3, 5, 0, 20);
    want(section, 17);
    store.answer(new RaiseReply(List.of()));
    held.control.advance(50);
    assertEquals(20, section.maxSeq());
    assertEquals(store.requests().get(0), store.last(2));
  }

  @Test
  void aSectionHasOneRaiseInFlight() {
    Section section = held.hold(3, 5, 0, 20);
    want(section, 17);
    want(section, 18);
    assertEquals(1, store.requests().size());
  }

  @Test
  void sectionsThatRunLowMeanwhileGoIntoTheNextRequest() {
    want(held.hold(3, 5, 0, 20), 17);
    want(held.hold(4, 5, 0, 20), 17);
    want(held.hold(5, 5, 0, 20), 17);
    assertEquals(1, store.last(1).items().size());
    store.answer(ok(1));
    held.control.run();
    assertEquals(2, store.last(2).items().size());
  }

  @Test
  void aRequestHoldsNoMoreThanItsLimit() {
    Namespace wide = Namespace.string("w", Raiser.MAX_BATCH + 10, 10).withId(2);
    for (int index = 0; index < Raiser.MAX_BATCH + 10; index++) {
      raiser.want(held.tenure, held.hold(wide, index, 1, 0, 10), 7);
    }
    held.control.run();
    assertEquals(Raiser.MAX_BATCH, store.last(1).items().size());
    store.answer(ok(Raiser.MAX_BATCH));
    held.control.run();
    assertEquals(10, store.last(2).items().size());
  }

  @Test
  void aRequestHoldsSectionsOfOneTenureOnly() {
    Tenure other = held.newTenure(8);
    Section section = held.hold(3, 5, 0, 20);
    Section next = held.hold(4, 6, 0, 20);
    raiser.want(held.tenure, section, 17);
    raiser.want(other, next, 17);
    held.control.run();
    assertEquals(7, store.last(1).incarnation());
    store.answer(ok(1));
    held.control.run();
    assertEquals(8, store.last(2).incarnation());
  }

  @Test
  void callsThatWaitAreServedInOrderAndTheRestAsksForMore() {
    Section section = held.hold(3, 5, 0, 10);
    held.room.enter(section, answers.call("a", 50, 15));
    held.room.enter(section, answers.call("b", 50, 20));
    want(section, 15);
    assertEquals(25, store.last(1).items().get(0).target());
    store.answer(ok(1));
    held.control.run();
    assertEquals(List.of("a1"), answers.heard);
    store.answer(ok(1));
    held.control.run();
    assertEquals(List.of("a1", "b16"), answers.heard);
    assertEquals(2, store.requests().size());
  }

  /** A step as large as a raise may be leaves no room above it. */
  @Test
  void aRaiseNeverLiftsByMoreThanTheStoreTakes() {
    Namespace large = Namespace.string("l", 1, Limits.MAX_STEP).withId(2);
    Section section = held.hold(large, 0, 1, 0, Limits.MAX_STEP);
    want(section, Limits.MAX_STEP + 100);
    assertEquals(2 * Limits.MAX_STEP, store.last(1).items().get(0).target());
  }

  @Test
  void atTheLastNumberOfAllNoRaiseIsSentAndWhoNeedsOneIsToldWhy() {
    long end = Limits.MAX_NUMBER;
    Section section = held.hold(3, 5, end - 3, end - 1);
    held.room.enter(section, answers.call("a", 50, 4));
    held.room.enter(section, answers.call("b", 100, 1));
    want(section, end + 1);
    assertEquals(end, store.last(1).items().get(0).target());
    store.answer(ok(1));
    held.control.run();
    assertEquals(1, store.requests().size());
    assertEquals(List.of("aNUMBERS_EXHAUSTED", "b" + (end - 2)), answers.heard);
    assertFalse(section.isRaising());
    assertEquals(end - 2, section.take(150, 3));
    assertEquals(1, raiser.exhausted());
  }

  @Test
  void aSectionThatIsGivenBackIsNotRaised() {
    Section section = held.hold(3, 5, 0, 20);
    raiser.want(held.tenure, section, 17);
    section.stop();
    held.control.run();
    assertEquals(0, store.requests().size());
    assertFalse(section.isRaising(), "a release waits for the raise to be over");
    want(held.hold(4, 5, 0, 20), 17);
    assertEquals(1, store.requests().size());
  }

  @Test
  void aSectionOfAnotherOwnerIsDroppedAndTheOthersServeOn() {
    Section section = held.hold(3, 5, 0, 10);
    held.room.enter(section, answers.call("a", 50, 15));
    long before = held.memory.usedBytes();
    want(section, 15);
    store.answer(refused(ErrorCode.STALE_EPOCH));
    held.run();
    assertEquals(List.of("aNOT_OWNER"), answers.heard);
    assertNull(held.tenure.sections().get(1, 3));
    assertEquals(Section.STOPPED, section.take(50, 1));
    assertTrue(held.memory.usedBytes() < before, "its memory is given back");
    assertEquals(List.of(), held.lost);
  }

  /** It would be neither served nor given back for as long as the lease is renewed. */
  @Test
  void aSectionWhoseCeilingTheStoreKnowsOtherwiseEndsTheTenure() {
    want(held.hold(3, 5, 0, 10), 15);
    store.answer(refused(ErrorCode.STALE_MAX_SEQ));
    held.run();
    assertNull(held.tenure.sections().get(1, 3));
    assertEquals(List.of(held.tenure), held.lost);
  }

  @Test
  void whatWillNeverBeTakenEndsTheTenureAndDoesNotHoldUpTheNext() {
    Section section = held.hold(3, 5, 0, 10);
    want(section, 15);
    Tenure next = held.newTenure(8);
    raiser.want(next, held.hold(4, 6, 0, 10), 7);
    store.fail(ErrorCode.INVALID_ARGUMENT);
    held.run();
    assertEquals(List.of(held.tenure), held.lost);
    assertFalse(section.isRaising());
    assertEquals(8, store.last(2).incarnation());
  }

  @Test
  void aStaleIncarnationEndsTheTenure() {
    Section section = held.hold(3, 5, 0, 10);
    want(section, 15);
    store.fail(ErrorCode.STALE_INCARNATION);
    held.run();
    assertEquals(List.of(held.tenure), held.lost);
    assertFalse(section.isOpen());
  }

  @Test
  void anAnswerToAnEndedTenureServesNothing() {
    Section section = held.hold(3, 5, 0, 10);
    want(section, 15);
    CompletableFuture<RaiseReply> late = store.take();
    held.lose(held.tenure);
    held.exit.leave(held.tenure, List.of(section), ErrorCode.LEASE_LOST, "over");
    held.run();
    late.complete(ok(1));
    held.run();
    assertEquals(Section.STOPPED, section.take(50, 1));
    assertFalse(section.isOpen());
    assertNull(held.tenure.sections().get(1, 3));
  }

  @Test
  void theRaisesOfAnEndedTenureAreNotRepeated() {
    Section section = held.hold(3, 5, 0, 10);
    want(section, 15);
    held.tenure.lease().end(held.control.nanos());
    store.fail(ErrorCode.TIMEOUT);
    held.control.advance(1_000);
    assertEquals(1, store.requests().size());
    assertSame(held.tenure, held.lost.get(0));
    assertFalse(section.isRaising());
  }
}
