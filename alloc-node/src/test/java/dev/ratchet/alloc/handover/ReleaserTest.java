package dev.ratchet.alloc.handover;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.alloc.Asked;
import dev.ratchet.alloc.HeldSections;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.RaiseResult;
import dev.ratchet.proto.message.ReleaseItem;
import dev.ratchet.proto.message.ReleaseReply;
import dev.ratchet.proto.message.ReleaseRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReleaserTest {
  private static final int RETRY = 50;

  private final HeldSections held = new HeldSections();
  private final Asked<ReleaseRequest, ReleaseReply> store = new Asked<>();
  private final Releaser releaser =
      new Releaser(
          store::ask,
          held.quiescence,
          held.room,
          held.exit,
          held.control,
          held.control::nanos,
          held::lose);

  private CompletableFuture<Void> release(Section... sections) {
    return releaser.release(held.tenure, List.of(sections), false);
  }

  private void answer(ErrorCode... refusals) {
    int items = store.requests().get(store.requests().size() - store.open()).items().size();
    List<RaiseResult> results = new ArrayList<>();
    for (int i = 0; i < items; i++) {
      results.add(new RaiseResult(i < refusals.length ? refusals[i].number() : 0, 1, 0));
    }
    store.answer(new ReleaseReply(results));
    held.run();
  }

  @Test
  void aSectionIsStoppedAtOnceAndReadOnlyWhenNoCallIsInside() {
    Section section = held.hold(0, 3, 100, 110);
    section.take(50, 4);
    release(section);
    assertEquals(Section.STOPPED, section.take(50, 1));
    held.control.run();
    assertEquals(0, store.requests().size(), "a call may still be on its loop");
    held.run();
    ReleaseItem item = store.last(1).items().get(0);
    assertArrayEquals(new byte[] {50, 4}, item.positions());
    assertEquals(new ReleaseItem(1, 0, 3, 110, 0, item.positions(), true, 100), item);
  }

  @Test
  void aSectionIsLetGoOnlyOnceTheReleaseIsCommitted() {
    Section section = held.hold(0, 3, 100, 110);
    CompletableFuture<Void> done = release(section);
    held.run();
    assertEquals(section, held.tenure.sections().get(1, 0));
    assertFalse(done.isDone());
    answer();
    assertTrue(done.isDone());
    assertNull(held.tenure.sections().get(1, 0));
    assertEquals(0, held.memory.usedBytes());
  }

  @Test
  void theMemoryIsGivenBackOnlyWhenNoCallIsInside() {
    Section section = held.hold(0, 3, 100, 110);
    section.take(0, 1);
    release(section);
    held.run();
    store.answer(new ReleaseReply(List.of(new RaiseResult(0, 3, 110))));
    held.control.run();
    assertTrue(held.memory.usedBytes() > 0, "a call may be looking up a last number");
    held.run();
    assertEquals(0, held.memory.usedBytes());
  }

  @Test
  void aRaiseInFlightIsWaitedFor() {
    Section section = held.hold(0, 3, 100, 110);
    section.beginRaise();
    release(section);
    held.run();
    held.control.advance(100);
    assertEquals(0, store.requests().size());
    section.raised(120);
    section.endRaise();
    held.control.advance(100);
    assertEquals(120, store.last(1).items().get(0).maxSeq());
  }

  /** After the release nothing confirms them, and the numbers they have taken would be skipped. */
  @Test
  void strictAnswersUnderWayAreWaitedFor() {
    Section section = held.hold(0, 3, 100, 110);
    section.beginConfirm();
    section.beginConfirm();
    release(section);
    held.run();
    section.endConfirm();
    held.control.advance(100);
    assertEquals(0, store.requests().size());
    section.endConfirm();
    held.control.advance(100);
    assertEquals(1, store.requests().size());
  }

  @Test
  void anUnansweredReleaseIsRepeatedByteForByte() {
    Section section = held.hold(0, 3, 100, 110);
    section.take(50, 4);
    CompletableFuture<Void> done = release(section);
    held.run();
    store.fail(ErrorCode.TIMEOUT);
    held.control.advance(RETRY);
    store.fail(ErrorCode.NOT_LEADER);
    held.control.advance(RETRY);
    store.answer(new ReleaseReply(List.of()));
    held.control.advance(RETRY);
    assertEquals(4, store.requests().size());
    for (ReleaseRequest request : store.requests()) {
      assertArrayEquals(
          ReleaseRequest.SCHEMA.encode(store.requests().get(0)),
          ReleaseRequest.SCHEMA.encode(request));
    }
    assertFalse(done.isDone());
    answer();
    assertTrue(done.isDone());
  }

  @Test
  void largePositionsGoInChunksWithinACommandAndInOrder() {
    Namespace large = Namespace.string("l", 1, 10).withId(2);
    Section section = held.hold(large, 0, 3, 0, 1L << 40);
    for (long key = 0; key < 80_000; key++) {
      section.load(key * 0x9E3779B97F4A7C15L, key + 1);
    }
    CompletableFuture<Void> done = release(section);
    held.run();
    List<ReleaseItem> items = new ArrayList<>();
    while (!done.isDone()) {
      ReleaseRequest request = store.requests().get(store.requests().size() - 1);
      items.addAll(request.items());
      int bytes = ReleaseRequest.SCHEMA.encode(request).length;
      assertTrue(bytes <= Limits.MAX_COMMAND_BYTES, bytes + " bytes");
      answer();
    }
    assertTrue(store.requests().size() > 1);
    for (int chunk = 0; chunk < items.size(); chunk++) {
      assertEquals(chunk, items.get(chunk).chunk());
      assertEquals(chunk == items.size() - 1, items.get(chunk).last());
    }
  }

  /** So that none is silent for as long as all of them take. */
  @Test
  void manySectionsGoInTurnsAndAreServedUntilTheirsCome() {
    List<Section> sections = hold(2 * Releaser.LEAST_TURN + 5);
    Section first = sections.get(0);
    Section last = sections.get(sections.size() - 1);
    CompletableFuture<Void> done = releaser.release(held.tenure, sections, true);
    held.run();
    assertEquals(Section.STOPPED, first.take(1, 1));
    assertEquals(1, last.take(1, 1));
    assertEquals(Releaser.LEAST_TURN, store.last(1).items().size());
    held.control.advance(15);
    answer();
    assertEquals(2, last.take(1, 1));
    assertEquals(Releaser.LEAST_TURN, store.last(2).items().size());
    held.control.advance(15);
    answer();
    assertEquals(Section.STOPPED, last.take(1, 1));
    assertEquals(5, store.last(3).items().size());
    assertFalse(store.last(3).leave());
    answer();
    assertEquals(new ReleaseRequest(7, List.of(), true), store.last(4));
    answer();
    assertTrue(done.isDone());
    assertEquals(0, held.tenure.sections().size());
  }

  private List<Section> hold(int count) {
    Namespace wide = Namespace.string("w", count, 10).withId(2);
    List<Section> sections = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      sections.add(held.hold(wide, index, 1, 0, 10));
      sections.get(index).take(2, 1);
    }
    return sections;
  }

  private List<Section> holdUnused(int count) {
    Namespace idle = Namespace.string("i", count, 10).withId(3);
    List<Section> sections = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      sections.add(held.hold(idle, index, 1, 0, 10));
    }
    return sections;
  }

  @Test
  void aNodeThatLeavesGivesBackFirstWhatSomebodyMayMissAndThenTheRestManyAtATime() {
    List<Section> all = holdUnused(2 * Releaser.MOST_TURN);
    all.addAll(hold(2));
    releaser.release(held.tenure, all, true);
    held.run();
    assertEquals(2, store.last(1).items().size());
    answer();
    assertEquals(1, store.requests().size(), "the store grants those two first");
    held.control.advance(Releaser.APART_MILLIS);
    held.run();
    assertEquals(Releaser.MOST_TURN, store.last(2).items().size());
    held.control.advance(1_000);
    answer();
    assertEquals(2, store.requests().size(), "the processors are for those who serve");
    held.control.advance(Releaser.REST * 1_000);
    held.run();
    assertEquals(Releaser.MOST_TURN, store.last(3).items().size());
  }

  @Test
  void howeverManyThereAreTheyGoInABoundedNumberOfTurns() {
    int each = Releaser.MOST_TURN + 3;
    CompletableFuture<Void> left =
        releaser.release(held.tenure, holdUnused(Releaser.MOST_TURNS * each), true);
    for (int turn = 1; turn <= Releaser.MOST_TURNS; turn++) {
      held.run();
      assertEquals(each, store.last(turn).items().size());
      held.control.advance(10);
      answer();
      held.control.advance(Releaser.REST * 10);
    }
    held.run();
    assertEquals(new ReleaseRequest(7, List.of(), true), store.last(Releaser.MOST_TURNS + 1));
    answer();
    assertTrue(left.isDone());
  }

  @Test
  void aNodeThatStaysGivesAwayLastWhatSomebodyMayMiss() {
    List<Section> all = hold(2);
    all.addAll(holdUnused(3));
    releaser.release(held.tenure, all, false);
    held.run();
    assertEquals(3, store.last(1).items().size());
    answer();
    assertEquals(1, store.requests().size());
    assertTrue(all.get(0).isOpen());
    held.control.advance(Releaser.APART_MILLIS);
    held.run();
    assertEquals(2, store.last(2).items().size());
  }

  @Test
  void turnsAreLargerWhileTheStoreIsFast() {
    releaser.release(held.tenure, hold(10 * Releaser.LEAST_TURN), false);
    held.run();
    assertEquals(Releaser.LEAST_TURN, store.last(1).items().size());
    held.control.advance(5);
    answer();
    assertEquals(2 * Releaser.LEAST_TURN, store.last(2).items().size());
    held.control.advance(30);
    answer();
    assertEquals(Releaser.LEAST_TURN, store.last(3).items().size());
  }

  @Test
  void whatWaitsForItsTurnWhenTheTenureEndsCanBeGivenBackInAnother() {
    List<Section> sections = hold(Releaser.LEAST_TURN + 1);
    CompletableFuture<Void> done = releaser.release(held.tenure, sections, false);
    held.run();
    store.fail(ErrorCode.STALE_INCARNATION);
    held.run();
    assertTrue(done.isDone());
    releaser.release(
        held.newTenure(8), sections.subList(Releaser.LEAST_TURN, sections.size()), false);
    held.run();
    assertEquals(1, store.last(2).items().size());
  }

  @Test
  void sectionsThatWaitForTheirTurnAreNotLinedUpAgain() {
    Section first = held.hold(0, 3, 100, 110);
    Section second = held.hold(1, 3, 100, 110);
    release(first);
    release(second);
    release(second);
    CompletableFuture<Void> all = release(second);
    held.run();
    answer();
    answer();
    assertTrue(all.isDone());
    assertEquals(2, store.requests().size());
  }

  @Test
  void aNodeWithoutSectionsLeavesToo() {
    CompletableFuture<Void> done = releaser.release(held.tenure, List.of(), true);
    held.run();
    assertEquals(new ReleaseRequest(7, List.of(), true), store.last(1));
    answer();
    assertTrue(done.isDone());
  }

  /** Its chunks and theirs would mix. */
  @Test
  void aSecondReleaseWaitsForTheFirstAndDoesNotSendItsSectionsAgain() {
    Section first = held.hold(0, 3, 100, 110);
    Section second = held.hold(1, 3, 100, 110);
    release(first);
    CompletableFuture<Void> all = releaser.release(held.tenure, held.tenure.sections().all(), true);
    held.run();
    assertEquals(101, second.take(1, 1));
    assertEquals(1, store.requests().size());
    assertFalse(store.last(1).leave());
    answer();
    assertEquals(Section.STOPPED, second.take(1, 1));
    assertEquals(1, store.last(2).items().size());
    assertEquals(1, store.last(2).items().get(0).section());
    answer();
    assertTrue(store.last(3).leave());
    answer();
    assertTrue(all.isDone());
  }

  @Test
  void aSectionThatIsAnothersAlreadyIsLetGo() {
    CompletableFuture<Void> done = release(held.hold(0, 3, 100, 110));
    held.run();
    answer(ErrorCode.STALE_EPOCH);
    assertTrue(done.isDone());
    assertEquals(List.of(), held.lost);
    assertNull(held.tenure.sections().get(1, 0));
  }

  @Test
  void aRefusedReleaseEndsTheTenure() {
    CompletableFuture<Void> done = release(held.hold(0, 3, 100, 110), held.hold(1, 3, 0, 10));
    held.run();
    answer(ErrorCode.STALE_MAX_SEQ, ErrorCode.STALE_MAX_SEQ);
    assertEquals(List.of(held.tenure), held.lost);
    assertTrue(done.isDone());
  }

  @Test
  void sectionsOfALeaseThatTheStoreHasEndedAreNotGivenBack() {
    CompletableFuture<Void> done = release(held.hold(0, 3, 100, 110), held.hold(1, 3, 0, 10));
    held.run();
    answer(ErrorCode.STALE_INCARNATION, ErrorCode.STALE_INCARNATION);
    assertEquals(List.of(held.tenure), held.lost);
    assertTrue(done.isDone());
  }

  /** Sent again it would be refused again, with the sections stopped for ever. */
  @Test
  void aReleaseThatWillNeverBeTakenEndsTheTenure() {
    CompletableFuture<Void> done = release(held.hold(0, 3, 100, 110));
    held.run();
    store.fail(ErrorCode.INVALID_ARGUMENT);
    held.run();
    assertEquals(List.of(held.tenure), held.lost);
    assertTrue(done.isDone());
  }

  @Test
  void nothingIsSentForATenureThatIsOver() {
    CompletableFuture<Void> done = release(held.hold(0, 3, 100, 110));
    held.tenure.lease().end(held.control.nanos());
    held.run();
    assertEquals(0, store.requests().size());
    assertTrue(done.isDone());
  }

  @Test
  void anAnswerToATenureThatIsOverLetsNothingElseGo() {
    Section section = held.hold(0, 3, 100, 110);
    release(section);
    held.run();
    Section next = held.hold(0, 4, 110, 120);
    answer();
    assertEquals(next, held.tenure.sections().get(1, 0), "a newer epoch stays");
  }
}
