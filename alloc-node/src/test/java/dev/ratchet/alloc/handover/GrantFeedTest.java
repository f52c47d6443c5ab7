package dev.ratchet.alloc.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.alloc.Asked;
import dev.ratchet.alloc.HeldSections;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.Grant;
import dev.ratchet.proto.message.GrantsReply;
import dev.ratchet.proto.message.GrantsRequest;
import dev.ratchet.proto.message.HandoverReply;
import dev.ratchet.proto.message.HandoverRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GrantFeedTest {
  private static final int RETRY = 50;

  /** Key 50 of section 0 at base + 4. */
  private static final byte[] CHUNK = {50, 4};

  private final HeldSections held = new HeldSections();
  private final Asked<GrantsRequest, GrantsReply> grants = new Asked<>();
  private final Asked<HandoverRequest, HandoverReply> handovers = new Asked<>();
  private final Map<Integer, Namespace> namespaces = new HashMap<>(Map.of(1, held.namespace));
  private final GrantFeed feed =
      new GrantFeed(
          new GrantFeed.Store() {
            @Override
            public CompletableFuture<GrantsReply> grants(GrantsRequest request) {
              return grants.ask(request);
            }

            @Override
            public CompletableFuture<HandoverReply> handover(HandoverRequest request) {
              return handovers.ask(request);
            }
          },
          held.tenure,
          namespaces::get,
          held.memory,
          held.witness,
          held.exit,
          held.control);

  @BeforeEach
  void start() {
    feed.start();
  }

  private void grant(long version, Grant... told) {
    grants.answer(new GrantsReply(version, List.of(told)));
    held.run();
  }

  private Section served(int index) {
    return Objects.requireNonNull(held.tenure.sections().get(1, index));
  }

  private void assertNotServed(int index) {
    assertNull(held.tenure.sections().get(1, index));
  }

  @Test
  void aGrantIsServedAtOnceWhenNoPositionsWereLeft() {
    grant(5, new Grant(1, 0, 3, 100, 110, 0));
    assertEquals(101, served(0).take(50, 1));
    assertEquals(3, served(0).epoch());
    assertEquals(new GrantsRequest(7, 5, 2_000), grants.last(2));
  }

  @Test
  void aSectionIsServedOnlyWhenAllItsPositionsAreLoaded() {
    grant(5, new Grant(1, 0, 3, 100, 110, 2));
    assertNotServed(0);
    assertEquals(new HandoverRequest(7, 1, 0, 3, 0), handovers.last(1));
    handovers.answer(new HandoverReply(CHUNK));
    held.run();
    assertNotServed(0);
    assertEquals(new HandoverRequest(7, 1, 0, 3, 1), handovers.last(2));
    handovers.answer(new HandoverReply(new byte[] {100, 7}));
    held.run();
    assertEquals(105, served(0).take(50, 1));
    assertEquals(108, served(0).take(100, 1));
    assertEquals(101, served(0).take(150, 1));
  }

  @Test
  void aChunkThatDoesNotComeIsAskedForAgain() {
    grant(5, new Grant(1, 0, 3, 100, 110, 1));
    handovers.fail(ErrorCode.TIMEOUT);
    held.control.advance(RETRY);
    handovers.answer(new HandoverReply(CHUNK));
    held.run();
    assertEquals(105, served(0).take(50, 1));
    assertEquals(handovers.requests().get(0), handovers.requests().get(1));
  }

  @Test
  void aGrantToldAgainDoesNotTouchTheSectionServed() {
    Grant told = new Grant(1, 0, 3, 100, 110, 0);
    grant(5, told);
    Section section = served(0);
    assertEquals(101, section.take(50, 1));
    grant(5, told);
    assertSame(section, served(0));
    assertEquals(102, served(0).take(50, 1));
  }

  /** As of a store whose disks were restored to an older state. */
  @Test
  void aGrantBelowWhatWasSeenCommittedIsNotServed() {
    held.witness.saw(held.namespace, 0, 3, 500);
    grant(5, new Grant(1, 0, 4, 100, 499, 0));
    assertNotServed(0);
    grant(6, new Grant(1, 0, 2, 500, 600, 0));
    assertNotServed(0);
    grant(7, new Grant(1, 0, 5, 500, 600, 0));
    assertEquals(501, served(0).take(50, 1));
    assertEquals(600, held.witness.maxSeq(1, 0));
  }

  @Test
  void aGrantToldAgainWhileItsPositionsLoadIsLoadedOnce() {
    Grant told = new Grant(1, 0, 3, 100, 110, 1);
    grant(5, told);
    grant(5, told);
    assertEquals(1, handovers.requests().size());
  }

  /** Its memory is gone, so that its numbers would be issued again. */
  @Test
  void aSectionThatIsGoneIsNotTakenOnAgainUnderTheSameEpoch() {
    Grant told = new Grant(1, 0, 3, 100, 110, 0);
    grant(5, told);
    assertEquals(101, served(0).take(50, 1));
    held.exit.leave(held.tenure, List.of(served(0)), ErrorCode.NOT_OWNER, "refused by a raise");
    grant(6, told);
    assertNotServed(0);
    grant(7, new Grant(1, 0, 4, 110, 120, 0));
    assertEquals(111, served(0).take(50, 1));
  }

  @Test
  void aNewerGrantTakesThePlaceOfTheSectionHeld() {
    grant(5, new Grant(1, 0, 3, 100, 110, 0));
    Section old = served(0);
    long used = held.memory.usedBytes();
    grant(6, new Grant(1, 0, 4, 110, 120, 0));
    assertNotSame(old, served(0));
    assertFalse(old.isOpen());
    assertEquals(used, held.memory.usedBytes(), "the old one's memory is given back");
  }

  @Test
  void anOlderGrantIsIgnored() {
    grant(6, new Grant(1, 0, 4, 110, 120, 0));
    grant(7, new Grant(1, 0, 3, 100, 110, 0));
    assertEquals(4, served(0).epoch());
  }

  @Test
  void aGrantOfANamespaceNotKnownYetIsAskedForAgainAndTheOthersAreServed() {
    Grant unknown = new Grant(2, 0, 3, 100, 110, 0);
    grant(5, unknown, new Grant(1, 0, 3, 100, 110, 0));
    assertEquals(101, served(0).take(50, 1));
    held.control.advance(RETRY);
    assertEquals(0, grants.last(2).version());
    namespaces.put(2, Namespace.string("late", 4, 10).withId(2));
    grant(5, unknown, new Grant(1, 0, 3, 100, 110, 0));
    assertEquals(102, served(0).take(50, 1));
    assertTrue(held.tenure.sections().get(2, 0) != null);
    assertEquals(5, grants.last(3).version());
  }

  @Test
  void aFailedPollIsRepeated() {
    grants.fail(ErrorCode.TIMEOUT);
    held.control.advance(RETRY);
    assertEquals(grants.requests().get(0), grants.last(2));
  }

  @Test
  void aSectionThatCanNotBeDoesNotEndTheFeed() {
    grant(5, new Grant(1, 99, 3, 100, 110, 0), new Grant(1, 0, 3, 100, 110, 0));
    assertEquals(101, served(0).take(50, 1));
    assertEquals(2, grants.requests().size());
  }

  @Test
  void positionsThatCanNotBeReadAreSkippedOverAndNoNumberRepeats() {
    List<byte[]> unreadable = List.of(new byte[0], new byte[] {50}, new byte[] {1, 4});
    for (int index = 0; index < unreadable.size(); index++) {
      long used = held.memory.usedBytes();
      grant(5 + index, new Grant(1, index, 3, 100, 110, 1));
      handovers.answer(new HandoverReply(unreadable.get(index)));
      held.run();
      assertEquals(110, served(index).base());
      assertEquals(new Section.Current(110, false), served(index).current(50));
      assertEquals(Section.ABOVE_CEILING, served(index).take(50, 1));
      assertTrue(held.memory.usedBytes() - used < 200, "what was loaded is given back");
    }
  }

  /** Let go, it would be neither served nor given back for as long as the lease is renewed. */
  @Test
  void aStoreNodeThatDoesNotKnowOfTheGrantIsAskedAgain() {
    grant(5, new Grant(1, 0, 3, 100, 110, 1));
    for (ErrorCode unsure : List.of(ErrorCode.STALE_EPOCH, ErrorCode.STALE_INCARNATION)) {
      handovers.fail(unsure);
      held.control.advance(RETRY);
      assertNotServed(0);
    }
    handovers.answer(new HandoverReply(CHUNK));
    held.run();
    assertEquals(105, served(0).take(50, 1));
  }

  @Test
  void fewSectionsAreLoadedAtATimeAndAllInTheEnd() {
    List<Grant> told = new ArrayList<>();
    for (int index = 0; index < 50; index++) {
      told.add(new Grant(1, index, 3, 0, 110, 1));
    }
    grant(5, told.toArray(Grant[]::new));
    assertEquals(8, handovers.open());
    for (int index = 0; index < 50; index++) {
      assertTrue(handovers.open() <= 8);
      handovers.answer(new HandoverReply(new byte[] {(byte) (50 + index), 4}));
      held.run();
    }
    assertEquals(50, held.tenure.sections().size());
  }

  @Test
  void nothingIsServedOnceTheTenureIsOver() {
    grant(5, new Grant(1, 0, 3, 100, 110, 1));
    held.tenure.lease().end(held.control.nanos());
    handovers.answer(new HandoverReply(CHUNK));
    grants.answer(new GrantsReply(6, List.of(new Grant(1, 1, 3, 100, 110, 0))));
    held.run();
    assertEquals(0, held.tenure.sections().size());
    assertEquals(0, held.memory.usedBytes());
    held.control.advance(10_000);
    assertEquals(2, grants.requests().size());
  }

  @Test
  void catchingUpIsDoneWhenAllThatWasGrantedIsServed() {
    grant(5, new Grant(1, 0, 3, 100, 110, 1));
    CompletableFuture<Void> done = feed.catchUp();
    assertEquals(new GrantsRequest(7, 5, 0), grants.last(3));
    CompletableFuture<GrantsReply> poll = grants.take();
    grant(6, new Grant(1, 1, 3, 100, 110, 0));
    held.control.advance(5);
    grant(6);
    assertFalse(done.isDone(), "positions are still being loaded");
    handovers.answer(new HandoverReply(CHUNK));
    held.control.advance(5);
    grants.fail(ErrorCode.TIMEOUT);
    held.control.advance(5);
    assertFalse(done.isDone(), "there may be more");
    grant(6);
    assertTrue(done.isDone());
    assertEquals(105, served(0).take(50, 1));
    assertEquals(101, served(1).take(1, 1));
    assertFalse(poll.isDone());
  }

  @Test
  void catchingUpIsDoneWhenTheTenureIsOver() {
    CompletableFuture<Void> done = feed.catchUp();
    held.tenure.lease().end(held.control.nanos());
    grants.take();
    grants.fail(ErrorCode.STALE_INCARNATION);
    held.run();
    assertTrue(done.isDone());
  }

  @Test
  void onceClosedNothingMoreIsServed() {
    grant(5, new Grant(1, 0, 3, 100, 110, 1));
    feed.close();
    handovers.answer(new HandoverReply(CHUNK));
    held.run();
    assertNotServed(0);
  }
}
