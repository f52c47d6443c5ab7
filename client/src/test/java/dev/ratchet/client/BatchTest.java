package dev.ratchet.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {
  private static SequenceCall until(long deadline) {
    SequenceCall call =
        new SequenceCall("n", new byte[0], 1) {
          @Override
          protected void done() {
            throw new AssertionError("this call goes nowhere");
          }
        };
    call.deadlineNanos = deadline;
    return call;
  }

  @Test
  void lateCallsLeaveAndTheirAnswersFindNobody() {
    // Around the overflow of nanoTime, which has no meaningful zero.
    long now = Long.MAX_VALUE - 10;
    SequenceCall first = until(now + 20);
    SequenceCall second = until(now + 5);
    SequenceCall third = until(now + 20);
    Batch batch = new Batch(List.of(first, second, third));
    List<SequenceCall> late = new ArrayList<>();
    batch.expire(now + 4, late::add);
    assertEquals(List.of(), late);
    batch.expire(now + 5, late::add);
    assertEquals(List.of(second), late);
    assertNull(batch.take(1));
    assertThrows(IllegalStateException.class, () -> batch.sending(1));
    assertSame(first, batch.take(0));
    batch.expire(now + 19, late::add);
    assertEquals(List.of(second), late);
    batch.expire(now + 20, late::add);
    assertEquals(List.of(second, third), late);
    batch.expire(now + 1_000, late::add);
    assertEquals(2, late.size());
  }
}
