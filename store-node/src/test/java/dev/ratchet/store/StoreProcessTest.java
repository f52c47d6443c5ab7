package dev.ratchet.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.Grant;
import dev.ratchet.proto.message.MemberStatus;
import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Store nodes as processes, killed without a word. */
@Timeout(120)
final class StoreProcessTest {
  @TempDir private Path folder;

  @Test
  void aKilledLeaderIsReplacedAndComesBack() throws IOException {
    List<HostPort> ports = FreePorts.take(6);
    List<StoreProcess> processes = new ArrayList<>();
    try (StoreClient client = new StoreClient(List.of(ports.get(0), ports.get(2), ports.get(4)))) {
      for (int i = 0; i < 3; i++) {
        processes.add(new StoreProcess(folder.resolve("store-" + i), i, ports));
      }
      for (StoreProcess process : processes) {
        process.await("started");
      }
      client.create(Namespace.string("tags", 2, 1_000));
      int incarnation = client.register("alloc-1", 11);
      Grant grant = client.awaitGrants(incarnation, 2).get(0);
      client.raise(incarnation, grant, 1_000, 9_000);
      int leader = leaderOf(client);
      processes.get(leader).close();
      client.renew(incarnation);
      assertEquals(9_000, client.raise(incarnation, grant, 1_000, 9_000).maxSeq());
      processes.set(leader, new StoreProcess(folder.resolve("store-" + leader), leader, ports));
      processes.get(leader).await("started");
      Await.until(
          "the killed one follows",
          () -> client.status().members().get(leader).role().equals("follower"));
    } finally {
      processes.forEach(StoreProcess::close);
    }
  }

  @Test
  void aSecondProcessOnOneFolderIsRefused() throws IOException {
    List<HostPort> ports = FreePorts.take(4);
    try (StoreProcess first = new StoreProcess(folder, 0, ports.subList(0, 2))) {
      first.await("started");
      try (StoreProcess second = new StoreProcess(folder, 0, ports.subList(2, 4))) {
        String refused = second.await("refused");
        assertTrue(refused.contains("another process is using the data folder"), refused);
      }
    }
  }

  private static int leaderOf(StoreClient client) {
    List<MemberStatus> members = client.status().members();
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).role().equals("leader")) {
        return i;
      }
    }
    throw new AssertionError("no leader in " + members);
  }
}
