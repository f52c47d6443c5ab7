package dev.ratchet.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.cli.Ratchet;
import dev.ratchet.cli.local.FreePorts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A small cluster of real processes. */
@EnabledOnOs(OS.LINUX)
@Timeout(600)
class ClusterCommandTest {
  @TempDir private Path folder;
  private final StringWriter err = new StringWriter();

  private String run(int exit, String... arguments) {
    StringWriter out = new StringWriter();
    CommandLine line =
        Ratchet.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    assertEquals(exit, line.execute(arguments), String.join(" ", arguments) + ": " + err);
    return out.toString();
  }

  private String dir() {
    return folder.resolve("cluster").toString();
  }

  private String start() {
    return run(
        0, "cluster", "start", "--dir", dir(), "--zones", "1", "--alloc", "2", "--routers", "1");
  }

  private String stateOf(String node, int exit) {
    String[] words =
        run(exit, "cluster", "status", "--dir", dir())
            .lines()
            .filter(line -> line.startsWith(node + " "))
            .findFirst()
            .orElseThrow()
            .split(" +", -1);
    return words[3];
  }

  @AfterEach
  void stop() {
    run(0, "cluster", "stop", "--dir", dir());
    assertEquals("stopped", stateOf("store-1", 1));
  }

  @Test
  void nodesAreStartedHurtAndMended() throws Exception {
    String ready = start();
    assertTrue(ready.matches("ready resp=\\S+ native=\\S+ admin=\\S+\\R"), ready);
    String server = ready.replaceAll("(?s).*native=(\\S+) .*", "$1");
    assertEquals("1\n", run(0, "seq", "next", "user:7", "--server", server));
    assertEquals("running", stateOf("alloc-1", 0));
    run(0, "cluster", "kill", "alloc-1", "--dir", dir());
    assertEquals("dead", stateOf("alloc-1", 1));
    run(1, "cluster", "kill", "alloc-1", "--dir", dir());
    run(0, "cluster", "pause", "router-1", "--dir", dir());
    assertEquals("paused", stateOf("router-1", 1));
    run(0, "cluster", "resume", "router-1", "--dir", dir());
    assertEquals(ready, start(), "the same nodes at the same addresses");
    assertEquals("running", stateOf("alloc-1", 0));
    run(0, "cluster", "restart", "alloc-2", "--dir", dir());
    assertEquals("running", stateOf("alloc-2", 0));
    run(2, "cluster", "start", "--dir", dir(), "--zones", "3");
    run(2, "cluster", "kill", "alloc-7", "--dir", dir());
  }

  @Test
  void aPortInUseIsNamedAndNothingIsLeftRunning() throws IOException {
    int first = tenPortsInARow();
    // The last of them is the router's admin port.
    try (ServerSocket taken = new ServerSocket(first + 9, 1, InetAddress.getLoopbackAddress())) {
      run(
          1,
          "cluster",
          "start",
          "--dir",
          dir(),
          "--zones",
          "1",
          "--alloc",
          "2",
          "--routers",
          "1",
          "--base-port",
          Integer.toString(first));
      String problem = "port " + taken.getLocalPort() + " of router-1 is in use";
      assertTrue(err.toString().contains(problem), err::toString);
      assertEquals("stopped", stateOf("store-1", 1));
      assertEquals("stopped", stateOf("alloc-2", 1));
    }
  }

  private static int tenPortsInARow() {
    while (true) {
      List<Integer> ports = FreePorts.find(10, new Random());
      if (ports.get(9) == ports.get(0) + 9) {
        return ports.get(0);
      }
    }
  }
}
