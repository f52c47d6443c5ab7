package dev.ratchet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class KeyNameTest {
  @Test
  void theFirstColonEndsTheNamespace() {
    assertEquals(new KeyName("user", "42"), KeyName.parse("user:42"));
    assertEquals(new KeyName("doc", "a:b:c"), KeyName.parse("doc:a:b:c"));
  }

  @Test
  void withoutAColonItIsTheDefaultNamespace() {
    assertEquals(new KeyName("default", "orders"), KeyName.parse("orders"));
  }

  @Test
  void whatNamesNoNamespaceOrKeyIsRefused() {
    for (String wrong : new String[] {":42", "user:", "", "a b:42", "x".repeat(65) + ":1"}) {
      CliException refused = assertThrows(CliException.class, () -> KeyName.parse(wrong), wrong);
      assertEquals(ExitCode.USAGE, refused.exit());
    }
  }
}
