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
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.SectionRun;
import dev.ratchet.proto.route.RouteTable;
import java.util.ArrayList;
import java.util.List;
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
  private final RouteTable routes = new RouteTable();
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
          routes,
          held.memory,
          held.witness,
          held.exit,
          held.control);

  @BeforeEach
  void start() {
    route(List.of(held.namespace));
    feed.start();
  }

  /** The routes as they are next; 7 is the feed's own incarnation. */
  private void route(List<Namespace> namespaces, SectionRun... runs) {
    List<OwnerInfo> owners =
        List.of(new OwnerInfo(7, "a", "z", "h", 1), new OwnerInfo(8, "b", "z", "h", 2));
    long version = routes.version();
    assertTrue(
        routes.apply(new RouteDelta(version, version + 1, namespaces, owners, List.of(runs))));
  }

  private void route(SectionRun... runs) {
    route(List.of(held.namespace), runs);
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
  void positionsThatCameWithTheGrantNeedNotBeAskedFor() {
    grant(5, new Grant(1, 0, 3, 100, 110, 1).with(CHUNK));
    assertEquals(105, served(0).take(50, 1));
    assertEquals(List.of(), handovers.requests());
  }

  @Test
  void positionsThatCameWithTheGrantBrokenAreGivenUp() {
    grant(5, new Grant(1, 0, 3, 100, 110, 1).with(new byte[] {-1}));
    assertEquals(Section.ABOVE_CEILING, served(0).take(50, 1), "all up to 110 is skipped");
    assertEquals(List.of(), handovers.requests());
    grant(6, new Grant(1, 1, 3, 100, 110, 1).with(CHUNK));
    assertEquals(List.of(), handovers.requests(), "nor is it in the way of others");
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
    route(List.of(held.namespace, Namespace.string("late", 4, 10).withId(2)));
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

  /** Eight of nine, which is as many as are loaded at a time. */
  private void grantNineOfWhichEightAreNotKnown() {
    List<Grant> told = new ArrayList<>();
    for (int section = 0; section < 9; section++) {
      told.add(new Grant(1, section, 3, 0, 110, 1));
    }
    grant(5, told.toArray(Grant[]::new));
    for (int section = 0; section < 8; section++) {
      handovers.fail(ErrorCode.STALE_EPOCH);
    }
    held.run();
  }

  @Test
  void sectionsThatTheStoreDoesNotKnowToBeThisNodesDoNotKeepOthersFromBeingLoaded() {
    grantNineOfWhichEightAreNotKnown();
    assertEquals(new HandoverRequest(7, 1, 8, 3, 0), handovers.last(9));
    handovers.answer(new HandoverReply(new byte[] {58, 4}));
    held.run();
    assertEquals(5, served(8).take(58, 1));
    held.control.advance(RETRY);
    assertEquals(8, handovers.open(), "the others are asked about again");
  }

  @Test
  void aSectionTakenAwayWhileItLoadsIsLetGo() {
    long used = held.memory.usedBytes();
    List<SectionRun> takenAway =
        List.of(
            new SectionRun(1, 0, 1, 8, 4), // another's
            new SectionRun(1, 1, 1, 0, 3), // halted
            new SectionRun(1, 2, 1, 7, 5)); // this node's again, under a later epoch
    for (SectionRun run : takenAway) {
      grant(5, new Grant(1, run.first(), 3, 100, 110, 1));
      handovers.fail(ErrorCode.STALE_EPOCH);
      held.run();
      route(run);
      int asked = handovers.requests().size();
      held.control.advance(60_000);
      assertEquals(asked, handovers.requests().size(), run::toString);
      assertNotServed(run.first());
    }
    assertEquals(used, held.memory.usedBytes(), "what was loaded is given back");
  }

  /** The answer was on its way when the section was taken away. */
  @Test
  void positionsOfASectionTakenAwayAreNotServed() {
    grant(5, new Grant(1, 0, 3, 100, 110, 1), new Grant(1, 1, 3, 100, 110, 1));
    route(new SectionRun(1, 0, 2, 8, 4));
    handovers.answer(new HandoverReply(CHUNK));
    handovers.answer(new HandoverReply(new byte[0])); // not to be read
    held.run();
    assertNotServed(0);
    assertNotServed(1);
  }

  @Test
  void aGrantThatIsLoadedLateDoesNotTakeThePlaceOfALaterOne() {
    grant(5, new Grant(1, 0, 3, 100, 110, 1));
    grant(6, new Grant(1, 0, 5, 120, 130, 0));
    handovers.answer(new HandoverReply(CHUNK));
    held.run();
    assertEquals(5, served(0).epoch());
  }

  /** The routes may lag behind the grants. */
  @Test
  void routesFromBeforeTheGrantSettleNothing() {
    route(new SectionRun(1, 0, 1, 8, 2));
    grant(5, new Grant(1, 0, 3, 100, 110, 1));
    handovers.fail(ErrorCode.STALE_EPOCH);
    held.control.advance(RETRY);
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
  void catchingUpIsNotHeldUpByASectionTakenAway() {
    grantNineOfWhichEightAreNotKnown();
    handovers.answer(new HandoverReply(new byte[] {58, 4}));
    CompletableFuture<Void> done = feed.catchUp();
    grants.take();
    grant(5);
    assertFalse(done.isDone(), "they may be this node's");
    route(new SectionRun(1, 0, 8, 8, 4));
    held.control.advance(RETRY);
    grant(5);
    assertTrue(done.isDone());
    assertEquals(1, held.tenure.sections().size());
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
