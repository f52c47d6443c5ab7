package dev.ratchet.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NodeGroupTest {
  private final Set<String> stopped = new ConcurrentSkipListSet<>();
  private final CountDownLatch together = new CountDownLatch(2);

  /** Starts, and stops, only together with another. */
  private RunningNode partner(String name) throws IOException {
    meet();
    return new RunningNode(
        name,
        () -> true,
        () -> "fine",
        () -> {
          together.countDown();
          stopped.add(name);
        });
  }

  private void meet() throws IOException {
    together.countDown();
    try {
      if (!together.await(20, TimeUnit.SECONDS)) {
        throw new IOException("alone");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void nodesStartTogetherAndAllAreStopped() throws IOException {
    NodeGroup group = new NodeGroup();
    group.start(() -> partner("a"));
    group.start(() -> partner("b"));
    assertEquals(2, group.await().size());
    group.close();
    assertEquals(Set.of("a", "b"), stopped);
  }

  @Test
  void theFirstFailureIsToldAndTheOthersAreStopped() {
    NodeGroup group = new NodeGroup();
    together.countDown();
    group.start(() -> partner("a"));
    group.start(
        () -> {
          throw new IOException("port 1 is in use");
        });
    assertEquals("port 1 is in use", assertThrows(IOException.class, group::await).getMessage());
    group.close();
    assertEquals(Set.of("a"), stopped);
  }
}
