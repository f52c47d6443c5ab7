package dev.ratchet.store.state;

import static dev.ratchet.store.state.Replica.NO_POSITIONS;
import static dev.ratchet.store.state.Replica.assertError;
import static dev.ratchet.store.state.Replica.assertOk;
import static dev.ratchet.store.state.Replica.chunk;
import static dev.ratchet.store.state.Replica.whole;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.message.ReleaseItem;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReleaseRuleTest {
  private final Replica replica = Replica.withNamespace();
  private final int a = replica.register("a", 1);
  private final int b = replica.register("b", 2);

  @BeforeEach
  void grant() {
    replica.grant(a, 0, 4);
  }

  private Result.Released leave(ReleaseItem... items) {
    return replica.apply(Result.Released.class, new Command.Release(a, List.of(items), true));
  }

  @Test
  void releaseGivesTheSectionBackWithTheItemsFloor() {
    long version = replica.version();
    assertOk(replica.release(a, whole(0, 1, 100, 42)));
    assertEquals(new SectionRecord(0, 1, 42, 100, 0, 1, version + 1, false), replica.section(0));
    assertEquals(version + 1, replica.version());
  }

  @Test
  void oneEntryRaisesTheRouteVersionOnce() {
    long version = replica.version();
    assertOk(replica.release(a, whole(0, 1, 100, 0), whole(1, 1, 100, 0), whole(2, 1, 100, 0)));
    assertEquals(version + 1, replica.version());
  }

  @Test
  void sameReleaseAgainSucceeds() {
    assertOk(replica.release(a, whole(0, 1, 100, 42)));
    byte[] before = replica.table.dump();
    assertOk(replica.release(a, whole(0, 1, 100, 42)));
    assertArrayEquals(before, replica.table.dump());
  }

  @Test
  void sameReleaseAgainAfterTheNextGrantIsStale() {
    assertOk(replica.release(a, whole(0, 1, 100, 42)));
    replica.grant(b, 0, 1);
    assertError(ErrorCode.STALE_EPOCH, replica.release(a, whole(0, 1, 100, 42)));
    assertEquals(b, replica.section(0).owner());
  }

  @Test
  void releaseOfAnEarlierEpochIsStaleThoughTheSectionIsFree() {
    assertOk(replica.release(a, whole(0, 1, 100, 42)));
    replica.grant(b, 0, 1);
    assertOk(replica.release(b, whole(0, 2, 100, 60)));
    assertError(ErrorCode.STALE_EPOCH, replica.release(a, whole(0, 1, 100, 42)));
    assertEquals(60, replica.section(0).base());
  }

  @Test
  void aChunkAfterTheReleaseIsStale() {
    assertOk(replica.release(a, whole(0, 1, 100, 42)));
    assertError(ErrorCode.STALE_EPOCH, replica.release(a, chunk(0, 1, 100, 0, "late", false)));
    assertEquals("none", replica.kept(0, 0));
  }

  @Test
  void otherOwnerOrEpochIsStale() {
    assertError(ErrorCode.STALE_EPOCH, replica.release(b, whole(0, 1, 100, 0)));
    assertError(ErrorCode.STALE_EPOCH, replica.release(a, whole(0, 2, 100, 0)));
    assertEquals(a, replica.section(0).owner());
  }

  @Test
  void incarnationWithoutLeaseReleasesNothing() {
    replica.expire(a);
    assertError(ErrorCode.STALE_INCARNATION, replica.release(a, whole(0, 1, 100, 0)));
    assertEquals(a, replica.section(0).owner());
  }

  @Test
  void otherCeilingIsStale() {
    assertError(ErrorCode.STALE_MAX_SEQ, replica.release(a, whole(0, 1, 99, 0)));
    assertError(ErrorCode.STALE_MAX_SEQ, replica.release(a, whole(0, 1, 101, 0)));
  }

  @Test
  void floorLiesBetweenTheGrantsFloorAndTheCeiling() {
    assertOk(replica.release(a, whole(0, 1, 100, 40)));
    replica.grant(b, 0, 1);
    assertError(ErrorCode.INVALID_ARGUMENT, replica.release(b, whole(0, 2, 100, 39)));
    assertError(ErrorCode.INVALID_ARGUMENT, replica.release(b, whole(0, 2, 100, 101)));
    assertOk(replica.release(b, whole(0, 2, 100, 100)));
  }

  @Test
  void chunksAreKeptInOrderAndCounted() {
    long version = replica.version();
    assertOk(replica.release(a, chunk(0, 1, 100, 0, "one", false)));
    assertEquals(version, replica.version());
    assertEquals(a, replica.section(0).owner());
    assertOk(replica.release(a, chunk(0, 1, 100, 1, "two", false)));
    assertOk(replica.release(a, chunk(0, 1, 100, 2, "three", true)));
    assertEquals(3, replica.section(0).handoverChunks());
    assertEquals("one", replica.kept(0, 0));
    assertEquals("three", replica.kept(0, 2));
    assertEquals(version + 1, replica.version());
  }

  @Test
  void anEmptyLastChunkEndsTheSet() {
    assertOk(replica.release(a, chunk(0, 1, 100, 0, "one", false)));
    assertOk(replica.release(a, new ReleaseItem(1, 0, 1, 100, 1, NO_POSITIONS, true, 0)));
    assertEquals(1, replica.section(0).handoverChunks());
  }

  @Test
  void anEmptyChunkThatIsNotTheLastSaysNothing() {
    assertError(
        ErrorCode.INVALID_ARGUMENT,
        replica.release(a, new ReleaseItem(1, 0, 1, 100, 0, NO_POSITIONS, false, 0)));
  }

  @Test
  void chunkZeroStartsAnew() {
    assertOk(replica.release(a, chunk(0, 1, 100, 0, "one", false)));
    assertOk(replica.release(a, chunk(0, 1, 100, 1, "two", false)));
    assertOk(replica.release(a, chunk(0, 1, 100, 0, "anew", true)));
    assertEquals(1, replica.section(0).handoverChunks());
    assertEquals("anew", replica.kept(0, 0));
    assertEquals("none", replica.kept(0, 1));
  }

  @Test
  void aChunkLeftOutIsRefused() {
    assertError(ErrorCode.INVALID_ARGUMENT, replica.release(a, chunk(0, 1, 100, 1, "two", true)));
    assertOk(replica.release(a, chunk(0, 1, 100, 0, "one", false)));
    assertError(ErrorCode.INVALID_ARGUMENT, replica.release(a, chunk(0, 1, 100, 2, "three", true)));
    assertEquals(a, replica.section(0).owner());
  }

  @Test
  void theSameChunkAgainSucceedsAndAnotherInItsPlaceDoesNot() {
    assertOk(replica.release(a, chunk(0, 1, 100, 0, "one", false)));
    assertOk(replica.release(a, chunk(0, 1, 100, 1, "two", false)));
    assertOk(replica.release(a, chunk(0, 1, 100, 1, "two", false)));
    assertError(
        ErrorCode.INVALID_ARGUMENT, replica.release(a, chunk(0, 1, 100, 1, "other", false)));
    assertEquals(2, replica.section(0).handoverChunks());
    assertEquals("two", replica.kept(0, 1));
  }

  /** Of many chunks, each request carries some; the answer to any of them may be lost. */
  @Test
  void aMiddleRequestOfSeveralChunksSentAgainSucceedsAndChangesNothing() {
    replica.release(a, chunk(0, 1, 100, 0, "0", false), chunk(0, 1, 100, 1, "1", false));
    ReleaseItem two = chunk(0, 1, 100, 2, "2", false);
    ReleaseItem three = chunk(0, 1, 100, 3, "3", false);
    assertOk(replica.release(a, two, three));
    byte[] before = replica.table.dump();
    for (ReleaseItem again : List.of(two, three)) {
      assertOk(replica.release(a, again));
    }
    assertOk(replica.release(a, two, three));
    assertArrayEquals(before, replica.table.dump());
    assertOk(replica.release(a, chunk(0, 1, 100, 4, "4", true)));
    assertEquals(5, replica.section(0).handoverChunks());
  }

  /** A first request that was thought lost, and is applied after its repeat and what followed. */
  @Test
  void aFirstRequestThatComesLateTakesNothingAway() {
    ReleaseItem zero = chunk(0, 1, 100, 0, "0", false);
    assertOk(replica.release(a, zero, chunk(0, 1, 100, 1, "1", false)));
    assertOk(replica.release(a, zero, chunk(0, 1, 100, 1, "1", false)));
    assertOk(replica.release(a, chunk(0, 1, 100, 2, "2", false)));
    assertOk(replica.release(a, zero, chunk(0, 1, 100, 1, "1", false)));
    assertOk(replica.release(a, chunk(0, 1, 100, 3, "3", true)));
    assertEquals("0123", kept(4));
  }

  private String kept(int chunks) {
    StringBuilder all = new StringBuilder();
    for (int chunk = 0; chunk < chunks; chunk++) {
      all.append(replica.kept(0, chunk));
    }
    return all.toString();
  }

  @Test
  void anEarlierChunkWithOtherBytesOrAsTheLastIsRefused() {
    for (int chunk = 0; chunk < 3; chunk++) {
      assertOk(replica.release(a, chunk(0, 1, 100, chunk, "" + chunk, false)));
    }
    assertError(
        ErrorCode.INVALID_ARGUMENT, replica.release(a, chunk(0, 1, 100, 1, "other", false)));
    assertError(ErrorCode.INVALID_ARGUMENT, replica.release(a, chunk(0, 1, 100, 1, "1", true)));
    assertEquals("012", kept(3));
    assertEquals(a, replica.section(0).owner());
  }

  @Test
  void theOwnersFirstChunkIsKeptAlsoWhenItIsTheSameAsTheOwnersBefore() {
    assertOk(replica.release(a, chunk(0, 1, 100, 0, "p", false), chunk(0, 1, 100, 1, "q", true)));
    replica.grant(b, 0, 1);
    assertOk(replica.release(b, chunk(0, 2, 100, 0, "p", false)));
    assertEquals(1, replica.section(0).handoverChunks());
    assertEquals(2, replica.section(0).handoverEpoch());
    assertEquals("none", replica.kept(0, 1));
  }

  @Test
  void chunksOfTheOwnerBeforeAreNoBeginning() {
    assertOk(replica.release(a, chunk(0, 1, 100, 0, "of a", true)));
    replica.grant(b, 0, 1);
    assertError(ErrorCode.INVALID_ARGUMENT, replica.release(b, chunk(0, 2, 100, 1, "of b", true)));
    assertOk(replica.release(b, chunk(0, 2, 100, 0, "of b", true)));
    assertEquals("of b", replica.kept(0, 0));
    assertEquals(1, replica.section(0).handoverChunks());
  }

  @Test
  void chunksAreBounded() {
    for (int chunk = 0; chunk < Command.MAX_CHUNKS; chunk++) {
      assertOk(replica.release(a, chunk(0, 1, 100, chunk, "x", false)));
    }
    assertError(
        ErrorCode.INVALID_ARGUMENT,
        replica.release(a, chunk(0, 1, 100, Command.MAX_CHUNKS, "x", true)));
    assertOk(
        replica.release(
            a, new ReleaseItem(1, 0, 1, 100, Command.MAX_CHUNKS, NO_POSITIONS, true, 0)));
    assertEquals(Command.MAX_CHUNKS, replica.section(0).handoverChunks());
  }

  @Test
  void itemsOfABatchStandAlone() {
    List<Integer> errors =
        replica
            .apply(
                Result.Released.class,
                new Command.Release(
                    a,
                    List.of(whole(0, 1, 100, 0), whole(1, 1, 99, 0), whole(2, 1, 100, 0)),
                    false))
            .results()
            .stream()
            .map(result -> result.error())
            .toList();
    assertEquals(List.of(0, ErrorCode.STALE_MAX_SEQ.number(), 0), errors);
    assertEquals(a, replica.section(1).owner());
  }

  @Test
  void leavingEndsTheLease() {
    long version = replica.version();
    Result.Released released = leave(whole(0, 1, 100, 0));
    assertTrue(released.left());
    assertNull(replica.state.reader().lease(a));
    assertEquals(version + 1, replica.version());
    assertEquals(ErrorCode.STALE_INCARNATION, replica.refusal(new Command.Renew(a)));
  }

  @Test
  void sectionsStillOwnedAtLeavingCountAsCrashed() {
    leave(whole(0, 1, 100, 30));
    replica.grant(b, 0, 2);
    assertEquals(30, replica.section(0).base());
    assertEquals(100, replica.section(1).base());
    assertEquals(200, replica.section(1).maxSeq());
  }

  @Test
  void leavingAgainChangesNothing() {
    leave(whole(0, 1, 100, 0));
    byte[] before = replica.table.dump();
    Result.Released again = leave(whole(0, 1, 100, 0), whole(1, 1, 100, 0));
    assertOk(again.results().get(0));
    assertError(ErrorCode.STALE_INCARNATION, again.results().get(1));
    assertFalse(again.left());
    assertNull(again.routes());
    assertArrayEquals(before, replica.table.dump());
  }

  @Test
  void nodeIdIsFreeAfterLeaving() {
    leave();
    assertNotNull(replica.apply(Result.Registered.class, Replica.registration("a", 7)).lease());
  }
}
