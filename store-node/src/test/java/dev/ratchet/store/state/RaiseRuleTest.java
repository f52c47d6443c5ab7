package dev.ratchet.store.state;

import static dev.ratchet.store.state.Replica.assertError;
import static dev.ratchet.store.state.Replica.assertOk;
import static dev.ratchet.store.state.Replica.whole;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.message.RaiseItem;
import dev.ratchet.proto.message.RaiseResult;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RaiseRuleTest {
  private final Replica replica = Replica.withNamespace();
  private final int a = replica.register("a", 1);

  @BeforeEach
  void grant() {
    replica.grant(a, 0, 4);
  }

  @Test
  void raiseLiftsTheCeilingAndNothingElse() {
    SectionRecord before = replica.section(0);
    long version = replica.version();
    assertEquals(new RaiseResult(0, 1, 300), replica.raise(a, 0, 1, 100, 300));
    assertEquals(before.raisedTo(300), replica.section(0));
    assertEquals(0, replica.section(0).base());
    assertEquals(version, replica.version());
  }

  @Test
  void sameRaiseAgainSucceedsAndLiftsNothingMore() {
    assertOk(replica.raise(a, 0, 1, 100, 300));
    assertEquals(new RaiseResult(0, 1, 300), replica.raise(a, 0, 1, 100, 300));
    assertEquals(300, replica.section(0).maxSeq());
  }

  @Test
  void incarnationWithoutLeaseLiftsNothing() {
    replica.expire(a);
    assertError(ErrorCode.STALE_INCARNATION, replica.raise(a, 0, 1, 100, 300));
    assertEquals(100, replica.section(0).maxSeq());
  }

  @Test
  void otherEpochLiftsNothingAndLearnsTheRightOne() {
    RaiseResult result = replica.raise(a, 0, 2, 100, 300);
    assertError(ErrorCode.STALE_EPOCH, result);
    assertEquals(1, result.epoch());
    assertEquals(100, result.maxSeq());
  }

  @Test
  void otherOwnerLiftsNothing() {
    int b = replica.register("b", 2);
    assertError(ErrorCode.STALE_EPOCH, replica.raise(b, 0, 1, 100, 300));
  }

  @Test
  void releasedSectionIsNotRaised() {
    assertOk(replica.release(a, whole(0, 1, 100, 100)));
    assertError(ErrorCode.STALE_EPOCH, replica.raise(a, 0, 1, 100, 300));
  }

  @Test
  void sectionNeverGrantedIsNotRaised() {
    RaiseItem item = new RaiseItem(7, 0, 0, 0, 100);
    RaiseResult result =
        replica.apply(Result.Raised.class, new Command.Raise(a, List.of(item))).results().get(0);
    assertError(ErrorCode.STALE_EPOCH, result);
  }

  @Test
  void otherCeilingThanExpectedIsStale() {
    RaiseResult result = replica.raise(a, 0, 1, 99, 300);
    assertError(ErrorCode.STALE_MAX_SEQ, result);
    assertEquals(100, result.maxSeq());
    assertOk(replica.raise(a, 0, 1, 100, 300));
    assertError(ErrorCode.STALE_MAX_SEQ, replica.raise(a, 0, 1, 100, 250));
    assertEquals(300, replica.section(0).maxSeq());
  }

  @Test
  void raiseNeverLowers() {
    assertError(ErrorCode.INVALID_ARGUMENT, replica.raise(a, 0, 1, 100, 99));
    assertError(ErrorCode.INVALID_ARGUMENT, replica.raise(a, 0, 1, 100, 0));
    assertEquals(100, replica.section(0).maxSeq());
  }

  @Test
  void largestStepIsTheLimit() {
    assertError(ErrorCode.INVALID_ARGUMENT, replica.raise(a, 0, 1, 100, 101 + Limits.MAX_STEP));
    assertOk(replica.raise(a, 0, 1, 100, 100 + Limits.MAX_STEP));
  }

  @Test
  void noNumberIsAboveTheLargest() {
    replica.table.put(
        StateKeys.section(1, 0),
        Records.write(new SectionRecord(a, 1, 0, Limits.MAX_NUMBER - 5, 0, 0, 0, false)));
    long expected = Limits.MAX_NUMBER - 5;
    assertError(
        ErrorCode.NUMBERS_EXHAUSTED, replica.raise(a, 0, 1, expected, Limits.MAX_NUMBER + 1));
    assertOk(replica.raise(a, 0, 1, expected, Limits.MAX_NUMBER));
  }

  @Test
  void itemsOfABatchStandAloneAndInOrder() {
    List<RaiseItem> items =
        List.of(
            new RaiseItem(1, 0, 1, 100, 200),
            new RaiseItem(1, 1, 9, 100, 200),
            new RaiseItem(1, 0, 1, 200, 400));
    List<RaiseResult> results =
        replica.apply(Result.Raised.class, new Command.Raise(a, items)).results();
    assertOk(results.get(0));
    assertError(ErrorCode.STALE_EPOCH, results.get(1));
    assertEquals(new RaiseResult(0, 1, 400), results.get(2));
    assertEquals(100, replica.section(1).maxSeq());
  }
}
