package dev.ratchet.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The error table is part of the wire format: old numbers keep their meaning for ever. */
class ErrorCodeTest {
  /** Add lines at the end only; a line that changes breaks every client that is out there. */
  private static final String TABLE =
      """
      1 INVALID_ARGUMENT definite final
      2 UNKNOWN_NAMESPACE definite final
      3 INVALID_KEY definite final
      4 INVALID_COUNT definite final
      5 NOT_OWNER definite retry
      6 LEASE_LOST definite retry
      7 NOT_LEADER definite retry
      8 OVERLOADED definite retry
      9 WINDOW_EXHAUSTED definite retry
      10 UNAVAILABLE definite retry
      11 TIMEOUT unknown retry
      12 CONNECTION_LOST unknown retry
      13 UNKNOWN_OUTCOME unknown retry
      14 STALE_EPOCH definite final
      15 STALE_MAX_SEQ definite final
      16 STALE_INCARNATION definite final
      17 NODE_ID_IN_USE definite retry
      18 NAMESPACE_EXISTS definite final
      19 FRAME_TOO_LARGE definite final
      20 PROTOCOL_ERROR definite final
      21 UNSUPPORTED definite final
      22 NUMBERS_EXHAUSTED definite final
      23 UNAUTHORIZED definite final
      24 INTERNAL unknown final
      25 UNAUTHENTICATED definite final
      """;

  @Test
  void theTableIsAsPublished() {
    String table =
        Arrays.stream(ErrorCode.values()).map(ErrorCodeTest::line).collect(Collectors.joining());
    assertEquals(TABLE, table);
  }

  private static String line(ErrorCode code) {
    return code.number()
        + " "
        + code
        + (code.isDefinite() ? " definite" : " unknown")
        + (code.isRetryable() ? " retry" : " final")
        + "\n";
  }

  @Test
  void everyNumberLeadsBackToItsCode() {
    for (ErrorCode code : ErrorCode.values()) {
      assertSame(code, ErrorCode.of(code.number()));
    }
  }

  @Test
  void aNumberOfALaterVersionIsAnUnknownOutcome() {
    IntStream.of(0, -1, 26, 255, Integer.MAX_VALUE, Integer.MIN_VALUE)
        .forEach(number -> assertSame(ErrorCode.INTERNAL, ErrorCode.of(number)));
  }
}
