package dev.ratchet.store.rpc;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdminGateTest {
  private static final String SECRET = "correct-horse-battery";
  private static final AdminToken TOKEN = AdminToken.of(SECRET);

  @Test
  void theRightTokenPasses() {
    assertDoesNotThrow(() -> AdminGate.check(TOKEN, SECRET));
  }

  @Test
  void anyOtherTokenIsRefusedForGoodAndNotShown() {
    for (String wrong :
        List.of(
            "", "correct-horse-batterx", SECRET + "x", "correct-horse", "CORRECT-HORSE-BATTERY")) {
      RatchetException refused =
          assertThrows(RatchetException.class, () -> AdminGate.check(TOKEN, wrong));
      assertEquals(ErrorCode.UNAUTHENTICATED, refused.code());
      assertFalse(refused.getMessage().contains("horse"), refused.getMessage());
      assertTrue(refused.getMessage().contains("--token-file"), refused.getMessage());
    }
  }

  @Test
  void withoutATokenAllAreRefusedAndToldHowToSwitchThemOn() {
    for (String any : List.of("", SECRET)) {
      RatchetException refused =
          assertThrows(RatchetException.class, () -> AdminGate.check(AdminToken.NONE, any));
      assertEquals(ErrorCode.UNAUTHORIZED, refused.code());
      assertTrue(refused.getMessage().contains("admin.token"), refused.getMessage());
    }
  }

  @Test
  void aTokenThatCouldBeGuessedOrMistypedIsNoToken() {
    for (String bad :
        List.of(
            "short", "a".repeat(15), "a".repeat(257), "with a space in it", "täglich-ein-wort")) {
      String problem = AdminToken.of(bad).problem().orElseThrow();
      assertFalse(problem.contains(bad), problem);
    }
    for (String good : List.of("a".repeat(16), "a".repeat(256), SECRET)) {
      assertTrue(AdminToken.of(good).problem().isEmpty(), good);
    }
    assertTrue(AdminToken.NONE.problem().isEmpty());
  }

  @Test
  void itsTextNeverShowsIt() {
    assertEquals("***", TOKEN.toString());
    assertEquals("none", AdminToken.NONE.toString());
    assertEquals(TOKEN, AdminToken.of(SECRET));
    assertNotEquals(TOKEN, AdminToken.of(SECRET + "x"));
  }
}
