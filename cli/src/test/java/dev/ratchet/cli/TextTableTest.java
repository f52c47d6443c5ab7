package dev.ratchet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void columnsAreAligned() {
    TextTable table = new TextTable("NODE", "N").row("a-long-name", 5).row("b", 12);
    assertEquals(List.of("NODE         N", "a-long-name  5", "b            12"), table.lines());
  }

  @Test
  void aRowHasACellAColumn() {
    assertThrows(IllegalArgumentException.class, () -> new TextTable("A", "B").row("x"));
  }
}
