package dev.ratchet.alloc.barrier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.ratchet.alloc.Asked;
import dev.ratchet.alloc.HeldSections;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.message.ConfirmReply;
import dev.ratchet.proto.message.ConfirmRequest;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.SectionRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BarrierTest {
  private static final int MOST_WAITING = 10;
  private static final long DEADLINE = TimeUnit.MILLISECONDS.toNanos(250);
  private static final ConfirmReply ALL = new ConfirmReply(List.of());

  private final HeldSections held = new HeldSections();
  private final Asked<ConfirmRequest, ConfirmReply> store = new Asked<>();
  private final List<String> answers = new ArrayList<>();
  private final Barrier barrier =
      new Barrier(store::ask, held.control, held.exit, MOST_WAITING, held::lose);

  BarrierTest() {
    held.hold(0, 3, 0, 10);
    held.hold(1, 4, 0, 10);
  }

  private void call(String name, SectionEpoch... sections) {
    barrier.confirm(
        held.tenure,
        List.of(sections),
        held.control.nanos() + DEADLINE,
        new Barrier.Answer() {
          @Override
          public void confirmed(Set<SectionRef> stale) {
            answers.add(name + (stale.isEmpty() ? " ok" : " stale " + stale.size()));
          }

          @Override
          public void failed(ErrorCode code, String message) {
            answers.add(name + " " + code);
          }
        });
  }

  private static SectionEpoch section(int index, long epoch) {
    return new SectionEpoch(1, index, epoch);
  }

  @Test
  void nothingIsAnsweredBeforeTheBarrierIsCommitted() {
    call("a", section(0, 3));
    held.run();
    assertEquals(new ConfirmRequest(7, List.of(section(0, 3))), store.last(1));
    assertEquals(List.of(), answers);
    store.answer(ALL);
    held.run();
    assertEquals(List.of("a ok"), answers);
  }

  /** Or its barrier might be before another owner's grant in the log. */
  @Test
  void aCallIsNeverConfirmedByABarrierSentBeforeIt() {
    call("a", section(0, 3));
    held.run();
    call("b", section(0, 3));
    store.answer(ALL);
    held.run();
    assertEquals(List.of("a ok"), answers);
    assertEquals(new ConfirmRequest(7, List.of(section(0, 3))), store.last(2));
    store.answer(ALL);
    held.run();
    assertEquals(List.of("a ok", "b ok"), answers);
  }

  @Test
  void callsThatWaitShareOneBarrierAndItNamesEachSectionOnce() {
    for (int i = 0; i < Barrier.MAX_IN_FLIGHT; i++) {
      call("early", section(0, 3));
      held.run();
    }
    call("a", section(0, 3));
    call("b", section(0, 3), section(1, 4));
    held.run();
    assertEquals(Barrier.MAX_IN_FLIGHT, store.requests().size());
    store.answer(ALL);
    held.run();
    assertEquals(
        new ConfirmRequest(7, List.of(section(0, 3), section(1, 4))),
        store.last(Barrier.MAX_IN_FLIGHT + 1));
  }

  /** The store says which sections are stale, not under which epoch. */
  @Test
  void anOldEpochThatIsStaleLeavesTheNewOneAlone() {
    call("old", section(0, 3));
    held.hold(0, 5, 20, 30); // the next grant is taken on before the barrier is sent
    call("new", section(0, 5));
    held.run();
    assertEquals(List.of(section(0, 3)), store.requests().get(0).sections());
    assertEquals(List.of(section(0, 5)), store.last(2).sections());
    store.answer(new ConfirmReply(List.of(new SectionRef(1, 0))));
    store.answer(ALL);
    held.run();
    assertEquals(List.of("old stale 1", "new ok"), answers);
    assertNotNull(held.tenure.sections().get(1, 0), "this node owns it");
  }

  @Test
  void aCallWithTwoEpochsOfASectionGoesAloneAndTakesNeitherAway() {
    call("a", section(1, 4));
    held.hold(0, 5, 20, 30);
    call("both", section(0, 3), section(0, 5));
    call("b", section(1, 4));
    held.run();
    assertEquals(3, store.requests().size());
    store.answer(ALL);
    store.answer(new ConfirmReply(List.of(new SectionRef(1, 0))));
    store.answer(ALL);
    held.run();
    assertEquals(List.of("a ok", "both stale 1", "b ok"), answers);
    assertNotNull(held.tenure.sections().get(1, 0));
  }

  @Test
  void aStaleSectionIsToldToItsCallsAloneAndServedNoMore() {
    call("a", section(0, 3));
    call("b", section(1, 4));
    held.run();
    store.answer(new ConfirmReply(List.of(new SectionRef(1, 1))));
    held.run();
    assertEquals(List.of("a ok", "b stale 1"), answers);
    assertNotNull(held.tenure.sections().get(1, 0));
    assertNull(held.tenure.sections().get(1, 1));
  }

  @Test
  void aSectionGrantedAgainMeanwhileStays() {
    call("a", section(0, 3));
    held.run();
    held.hold(0, 5, 20, 30);
    store.answer(new ConfirmReply(List.of(new SectionRef(1, 0))));
    held.run();
    assertEquals(List.of("a stale 1"), answers);
    assertNotNull(held.tenure.sections().get(1, 0));
  }

  @Test
  void anUnansweredBarrierIsFollowedByAnotherUntilTheCallsTimeIsOver() {
    call("a", section(0, 3));
    held.run();
    store.fail(ErrorCode.UNKNOWN_OUTCOME);
    held.control.advance(100);
    store.fail(ErrorCode.NOT_LEADER);
    held.control.advance(100);
    store.answer(ALL);
    held.run();
    assertEquals(List.of("a ok"), answers);
  }

  @Test
  void aCallWhoseTimeIsOverIsRefusedOnceWhereverItWaits() {
    for (int i = 0; i < Barrier.MAX_IN_FLIGHT; i++) {
      call("sent", section(0, 3));
      held.run();
    }
    call("queued", section(0, 3));
    held.run();
    held.control.advance(249);
    barrier.expire(held.control.nanos());
    assertEquals(List.of(), answers);
    held.control.advance(1);
    barrier.expire(held.control.nanos());
    assertEquals(Barrier.MAX_IN_FLIGHT + 1, answers.size());
    assertEquals(Set.of("sent UNAVAILABLE", "queued UNAVAILABLE"), Set.copyOf(answers));
    store.answer(ALL);
    held.run();
    barrier.expire(held.control.nanos());
    assertEquals(Barrier.MAX_IN_FLIGHT + 1, answers.size());
  }

  @Test
  void aLeaseThatIsOverEndsTheTenure() {
    call("a", section(0, 3));
    held.run();
    store.fail(ErrorCode.STALE_INCARNATION);
    held.run();
    assertEquals(List.of("a LEASE_LOST"), answers);
    assertEquals(List.of(held.tenure), held.lost);
  }

  @Test
  void whenTooManyWaitOthersAreRefusedAndThereIsRoomAgainAfterwards() {
    for (int i = 0; i < MOST_WAITING; i++) {
      call("in", section(0, 3));
    }
    call("out", section(0, 3));
    assertEquals(List.of("out OVERLOADED"), answers);
    held.run();
    store.answer(ALL);
    held.run();
    answers.clear();
    call("in", section(0, 3));
    assertEquals(List.of(), answers);
  }

  @Test
  void callsOfAnotherTenureAreAskedForUnderItsOwnIncarnation() {
    call("a", section(0, 3));
    barrier.confirm(
        held.newTenure(8),
        List.of(section(1, 9)),
        DEADLINE,
        new Barrier.Answer() {
          @Override
          public void confirmed(Set<SectionRef> stale) {
            answers.add("other ok");
          }

          @Override
          public void failed(ErrorCode code, String message) {
            answers.add("other " + code);
          }
        });
    held.run();
    assertEquals(new ConfirmRequest(7, List.of(section(0, 3))), store.requests().get(0));
    assertEquals(new ConfirmRequest(8, List.of(section(1, 9))), store.last(2));
  }
}
