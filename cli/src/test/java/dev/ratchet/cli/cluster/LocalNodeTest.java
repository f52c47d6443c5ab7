package dev.ratchet.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.cluster.LocalNode.State;
import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Signals and pid files, on a process that does nothing. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class LocalNodeTest {
  @TempDir private Path folder;
  private Process process;
  private LocalNode node;

  @BeforeEach
  void start() throws IOException {
    process = new ProcessBuilder("sleep", "600").start();
    HostPort nowhere = new HostPort("127.0.0.1", 1);
    ClusterNode described = new ClusterNode(Role.ALLOC, "alloc-1", "z", nowhere, null, nowhere);
    NodeFolder place = NodeFolder.of(folder, described);
    Files.createDirectories(place.path());
    node = new LocalNode(described, place);
  }

  @AfterEach
  void end() {
    process.destroyForcibly();
  }

  private ProcessIdentity identity() {
    return ProcessIdentity.of(process.pid()).orElseThrow();
  }

  @Test
  void aNodeWithoutAPidFileIsStopped() {
    assertEquals(State.STOPPED, node.state());
    assertFalse(node.isAlive());
    assertThrows(CliException.class, node::kill);
  }

  @Test
  void pauseResumeAndKillAreSeen() throws Exception {
    node.folder().pid().write(identity());
    assertEquals(State.RUNNING, node.state());
    node.pause();
    awaitState(State.PAUSED);
    node.resume();
    awaitState(State.RUNNING);
    node.kill();
    assertEquals(State.DEAD, node.state());
    assertTrue(process.waitFor(10, TimeUnit.SECONDS));
  }

  @Test
  void aPausedNodeCanBeStopped() throws Exception {
    node.folder().pid().write(identity());
    node.pause();
    awaitState(State.PAUSED);
    node.terminate();
    assertTrue(node.awaitEnd(Duration.ofSeconds(30)));
    assertEquals(State.STOPPED, node.state());
  }

  @Test
  void anotherProcessWithTheSameIdIsNeverSignalled() throws Exception {
    ProcessIdentity earlier = new ProcessIdentity(process.pid(), "1" + identity().birth());
    node.folder().pid().write(earlier);
    assertEquals(State.DEAD, node.state());
    assertThrows(CliException.class, node::kill);
    assertThrows(CliException.class, node::pause);
    node.terminate();
    assertTrue(process.isAlive());
    assertTrue(identity().isAlive());
    assertFalse(identity().isPaused());
  }

  @Test
  void aBoundedWaitEnds() throws Exception {
    node.folder().pid().write(identity());
    assertFalse(node.awaitEnd(Duration.ofMillis(1)));
    assertEquals(State.RUNNING, node.state());
  }

  @Test
  void aDamagedPidFileIsNamed() throws Exception {
    for (String damaged : new String[] {"", "x y", "12", "12 a b"}) {
      Files.writeString(node.folder().pid().path(), damaged);
      CliException refused = assertThrows(CliException.class, node::state);
      assertTrue(String.valueOf(refused.getMessage()).contains("no pid file"), damaged);
    }
  }

  @Test
  void aFailureShowsTheLastLinesOfTheOutput() throws Exception {
    Files.writeString(node.folder().output(), "x\n".repeat(50) + "port 5 in use\n");
    String message = String.valueOf(node.failure("ended").getMessage());
    assertTrue(message.startsWith("alloc-1 ended; the last lines of"), message);
    assertTrue(message.endsWith("port 5 in use"), message);
    assertEquals(16, message.lines().count());
  }

  /** The kernel shows a signal's effect a moment after it was sent. */
  private void awaitState(State wanted) {
    while (node.state() != wanted) {
      Thread.onSpinWait();
    }
  }
}
