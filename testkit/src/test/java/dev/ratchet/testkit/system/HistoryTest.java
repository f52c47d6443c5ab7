package dev.ratchet.testkit.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.testkit.system.History.Issue;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The checker must see what it is there to see. */
class HistoryTest {
  private final History history = new History();

  @Test
  void gapsAndOverlapsAreFine() {
    history.add("a", new Issue(1, 0, 10));
    history.add("a", new Issue(7, 5, 20));
    history.add("a", new Issue(5, 8, 30));
    history.add("b", new Issue(1, 40, 50));
    assertEquals(List.of(), history.breaches());
  }

  @Test
  void aNumberIssuedTwiceIsSeen() {
    history.add("a", new Issue(3, 0, 10));
    history.add("a", new Issue(3, 5, 15));
    assertEquals(1, history.breaches().size());
    assertTrue(history.breaches().get(0).contains("3 was issued twice"));
  }

  @Test
  void aStepBackIsSeenAlsoBehindANumberInBetween() {
    history.add("a", new Issue(4, 20, 30));
    history.add("a", new Issue(5, 0, 40));
    history.add("a", new Issue(6, 1, 10));
    assertEquals(1, history.breaches().size());
    assertTrue(history.breaches().get(0).contains("went back"));
  }
}
