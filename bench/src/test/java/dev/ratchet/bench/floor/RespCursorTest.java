package dev.ratchet.bench.floor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RespCursorTest {
  private static final String INCR = "*2\r\n$4\r\nINCR\r\n$16\r\nkey:000000123456\r\n";

  private final RespCursor cursor = new RespCursor();

  private void read(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    cursor.reset(bytes, bytes.length);
  }

  @Test
  void readsTheNumberThatEndsTheKey() {
    read(INCR);
    assertEquals(RespCursor.INCR, cursor.next());
    assertEquals(123_456, cursor.key());
    assertEquals(RespCursor.INCOMPLETE, cursor.next());
    assertEquals(INCR.length(), cursor.position());
  }

  @Test
  void readsCommandsBehindEachOther() {
    read(INCR + "*1\r\n$4\r\nping\r\n" + "*2\r\n$4\r\nincr\r\n$5\r\nkey:7\r\n");
    assertEquals(RespCursor.INCR, cursor.next());
    assertEquals(RespCursor.OTHER, cursor.next());
    assertEquals("*1\r\n$4\r\nping\r\n", cursor.command());
    assertEquals(RespCursor.INCR, cursor.next());
    assertEquals(7, cursor.key());
  }

  @Test
  void whatIsNotWholeIsLeftForTheNextRead() {
    for (int end = 0; end < INCR.length(); end++) {
      read(INCR.substring(0, end));
      assertEquals(RespCursor.INCOMPLETE, cursor.next(), "after " + end + " bytes");
      assertEquals(0, cursor.position());
    }
  }

  @Test
  void otherBytesAreRefused() {
    read("GET / HTTP/1.1\r\n");
    assertTrue(
        String.valueOf(assertThrows(IllegalStateException.class, cursor::next).getMessage())
            .contains("GET /"));
  }
}
