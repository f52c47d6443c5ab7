package dev.ratchet.proto.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
  @ParameterizedTest
  @ValueSource(strings = {"localhost:7000", "10.0.0.1:0", "store-1.example:65535", "[::1]:80"})
  void readsWhatItWrites(String text) {
    assertEquals(text, HostPort.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host", ":80", "host:", "host:x", "host:-1", "host:65536", "host:+1"})
  void saysWhatIsWrong(String text) {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> HostPort.parse(text));
    assertTrue(String.valueOf(error.getMessage()).contains("'" + text + "'"));
  }

  @Test
  void numbersAreSplitAtTheLastColon() {
    assertEquals(new HostPort("::1", 80), HostPort.parse("::1:80"));
  }
}
