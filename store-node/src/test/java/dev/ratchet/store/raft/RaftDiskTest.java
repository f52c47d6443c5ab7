package dev.ratchet.store.raft;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.store.Await;
import dev.ratchet.store.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a member must not start on. Each test takes something from a folder that has a log. */
@Timeout(60)
final class RaftDiskTest {
  @TempDir private Path folder;
  private List<HostPort> ports = List.of();

  @BeforeEach
  void writeALog() throws IOException {
    ports = FreePorts.take(1);
    try (TestMember member = new TestMember(folder, ports, 0)) {
      Await.until("it leads", member::leads);
      member.propose("a").join();
    }
  }

  @Test
  void startsOnWhatIsWhole() throws IOException {
    try (TestMember member = new TestMember(folder, ports, 0)) {
      member.awaitVisible(List.of("a"));
    }
  }

  @Test
  void refusesALogWhoseVotesAreLost() throws IOException {
    Files.delete(folder.resolve("raft/meta/raft_meta"));
    assertRefused("could vote twice");
  }

  @Test
  void refusesEmptyVotes() throws IOException {
    Files.write(folder.resolve("raft/meta/raft_meta"), new byte[0]);
    assertRefused("raft");
  }

  @Test
  void refusesALostLog() throws IOException {
    delete(folder.resolve("raft/log"));
    assertRefused("is lost, with entries");
  }

  @Test
  void refusesALostRaftFolder() throws IOException {
    delete(folder.resolve("raft"));
    assertRefused("could vote twice");
  }

  @Test
  void refusesALogWhoseIdentityIsLost() throws IOException {
    Files.delete(folder.resolve("ratchet-node.properties"));
    assertRefused("identity file is lost");
  }

  @Test
  void aFirstStartThatDiedHalfwayMayBeRepeated() throws IOException {
    Path fresh = folder.resolve("fresh");
    new RaftDisk(TestMember.settings(fresh, ports, 0)).prepare(true);
    try (TestMember member = new TestMember(fresh, ports, 0)) {
      Await.until("it leads", member::leads);
    }
  }

  private void assertRefused(String why) {
    IOException error =
        assertThrows(IOException.class, () -> new TestMember(folder, ports, 0).close());
    assertTrue(String.valueOf(error.getMessage()).contains(why), error.getMessage());
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
