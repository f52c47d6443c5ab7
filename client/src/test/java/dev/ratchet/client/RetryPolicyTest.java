package dev.ratchet.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  private final RatchetException definiteCause =
      new RatchetException(ErrorCode.LEASE_LOST, "the lease is gone");
  private final RatchetException unknownCause =
      new RatchetException(ErrorCode.CONNECTION_LOST, "the connection broke");

  private static SequenceCall call(int count) {
    SequenceCall call =
        new SequenceCall("users", new byte[] {'7'}, count) {
          @Override
          protected void done() {
            throw new AssertionError("this call goes nowhere");
          }
        };
    call.deadlineNanos = TimeUnit.MILLISECONDS.toNanos(3_000);
    return call;
  }

  @Test
  void backoffDoublesFromTwoToAHundredMillisecondsLessUpToHalf() {
    long seed = Long.getLong("ratchet.seed", System.nanoTime());
    Random random = new Random(seed);
    long[] full = {2, 4, 8, 16, 32, 64, 100, 100, 100};
    for (int failures = 1; failures <= full.length; failures++) {
      for (int i = 0; i < 1_000; i++) {
        double millis = RetryPolicy.backoffNanos(failures, random) / 1e6;
        double most = full[failures - 1];
        assertTrue(millis >= most / 2 && millis <= most, millis + " ms, seed " + seed);
      }
    }
    assertTrue(
        RetryPolicy.backoffNanos(Integer.MAX_VALUE, random) <= RetryPolicy.MAX_BACKOFF_NANOS);
  }

  /** The new owner may be about to take over, and has refused nothing yet. */
  @Test
  void underANewerRouteWaitsBeginAnew() {
    SequenceCall call = call(1);
    call.triedEpoch = 3;
    RetryPolicy.note(call, definiteCause);
    RetryPolicy.note(call, definiteCause);
    assertEquals(2, call.failuresInEpoch);
    call.triedEpoch = 4;
    RetryPolicy.note(call, definiteCause);
    assertEquals(1, call.failuresInEpoch);
    assertEquals(3, call.failures, "all count in what is said in the end");
  }

  @Test
  void aRefusalIsToldAsItIsUnlessAnEarlierAttemptMayHaveTakenNumbers() {
    SequenceCall clear = call(1);
    RetryPolicy.note(clear, definiteCause);
    assertSame(definiteCause, RetryPolicy.refused(clear, definiteCause));
    SequenceCall unclear = call(1);
    RetryPolicy.note(unclear, unknownCause);
    RatchetException error = RetryPolicy.refused(unclear, definiteCause);
    assertEquals(ErrorCode.UNKNOWN_OUTCOME, error.code());
    assertTrue(error.getMessage().contains("the lease is gone"));
    SequenceCall read = call(0);
    RetryPolicy.note(read, unknownCause);
    assertSame(definiteCause, RetryPolicy.refused(read, definiteCause));
  }

  @Test
  void atTheDeadline() {
    SequenceCall call = call(1);
    assertEquals(ErrorCode.UNAVAILABLE, RetryPolicy.outOfTime(call, false).code());
    RetryPolicy.note(call, definiteCause);
    RatchetException definite = RetryPolicy.outOfTime(call, false);
    assertEquals(ErrorCode.LEASE_LOST, definite.code());
    assertTrue(definite.getMessage().contains("3000 ms and 1 attempt;"), definite.getMessage());
    assertEquals(ErrorCode.TIMEOUT, RetryPolicy.outOfTime(call, true).code());
    RetryPolicy.note(call, unknownCause);
    RetryPolicy.note(call, definiteCause);
    RatchetException unknown = RetryPolicy.outOfTime(call, false);
    assertEquals(ErrorCode.TIMEOUT, unknown.code());
    assertTrue(unknown.getMessage().contains("3 attempts"), unknown.getMessage());
  }
}
