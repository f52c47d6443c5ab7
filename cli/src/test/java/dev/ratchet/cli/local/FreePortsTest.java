package dev.ratchet.cli.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.cli.CliException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FreePortsTest {
  @Test
  void portsDifferAndLieBelowThoseOfOutgoingConnections() {
    List<Integer> ports = FreePorts.find(30, new Random(1));
    assertEquals(30, new HashSet<>(ports).size());
    for (int port : ports) {
      assertTrue(port >= FreePorts.FIRST && port <= FreePorts.LAST, "" + port);
    }
  }

  @Test
  void aPortInUseIsNotFree() throws IOException {
    int port = FreePorts.find(1, new Random(2)).get(0);
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertFalse(FreePorts.isFree(taken.getLocalPort()));
      assertFalse(FreePorts.find(5, new Random(2)).contains(port));
    }
    assertTrue(FreePorts.isFree(port));
  }

  @Test
  void askingForMoreThanThereAreIsAnError() {
    assertThrows(CliException.class, () -> FreePorts.find(10_001, new Random(3)));
  }
}
