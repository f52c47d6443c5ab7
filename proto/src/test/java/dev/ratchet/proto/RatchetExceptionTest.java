package dev.ratchet.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class RatchetExceptionTest {
  @Test
  void isFoundInsideWhatFuturesWrapItIn() {
    RatchetException known = new RatchetException(ErrorCode.NOT_LEADER, "not here", "b:7000");
    assertSame(known, RatchetException.of(known));
    assertSame(
        known,
        RatchetException.of(new CompletionException(new ExecutionException("wrapped", known))));
  }

  @Test
  void anythingElseIsInternalAndNamesTheCause() {
    RatchetException error =
        RatchetException.of(new CompletionException(new IllegalStateException("odd")));
    assertEquals(ErrorCode.INTERNAL, error.code());
    assertTrue(String.valueOf(error.getMessage()).contains("odd"));
  }
}
