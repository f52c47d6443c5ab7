package dev.ratchet.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.DrainRequest;
import dev.ratchet.proto.message.Grant;
import dev.ratchet.proto.message.GrantsRequest;
import dev.ratchet.proto.message.RenewRequest;
import dev.ratchet.proto.message.SectionRate;
import dev.ratchet.proto.message.SectionRef;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Operators' calls to real store nodes. */
class StoreAdminTest {
  @TempDir private Path folder;

  private static ErrorCode codeOf(Executable call) {
    return assertThrows(RatchetException.class, call).code();
  }

  @Test
  void onlyTheLeaderChecksTheTokenAndAFollowerSaysWhoLeads() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 3);
        StoreClient client = cluster.client()) {
      client.register("alloc-1", 11);
      client.register("alloc-2", 22);
      HostPort leader = cluster.node(cluster.leader()).address();
      HostPort follower = cluster.node(cluster.anyFollower()).address();
      DrainRequest wrong = new DrainRequest("0123456789abcdeX", "alloc-1", false);
      DrainRequest right = new DrainRequest(TestCluster.ADMIN_TOKEN, "alloc-1", false);
      assertEquals(ErrorCode.NOT_LEADER, codeOf(() -> client.callAt(follower, Calls.DRAIN, wrong)));
      assertEquals(
          ErrorCode.UNAUTHENTICATED, codeOf(() -> client.callAt(leader, Calls.DRAIN, wrong)));
      assertEquals(1, client.call(Calls.DRAIN, right).incarnation());
      DrainRequest unknown = new DrainRequest(TestCluster.ADMIN_TOKEN, "alloc-9", false);
      assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf(() -> client.call(Calls.DRAIN, unknown)));
    }
  }

  @Test
  void theLeaderMovesABusySectionOffANodeThatSaysItIsHot() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 1);
        StoreClient client = cluster.client()) {
      client.create(Namespace.string("tags", 8, 1_000));
      int hot = client.register("alloc-1", 11);
      int cool = client.register("alloc-2", 22);
      List<Integer> sections = sectionsOf(client, hot, cool);
      SectionRate busy = new SectionRate(1, sections.get(0), 20_000);
      SectionRate other = new SectionRate(1, sections.get(1), 15_000);
      int[] measurement = {0};
      Await.until(
          "the busy section is wanted from the one, and an idle one from the other",
          () -> {
            measurement[0]++;
            RenewRequest said =
                new RenewRequest(hot).withLoad(measurement[0], 50_000, List.of(busy, other));
            RenewRequest idle = new RenewRequest(cool).withLoad(measurement[0], 0, List.of());
            List<SectionRef> given = client.call(Calls.RENEW, said).release();
            List<SectionRef> back = client.call(Calls.RENEW, idle).release();
            return given.contains(new SectionRef(1, busy.section())) && back.size() == given.size();
          });
    }
  }

  /** What a node owns, once both have their share. */
  private static List<Integer> sectionsOf(StoreClient client, int node, int other) {
    return Await.value(
        "four sections each",
        () -> {
          client.renew(node);
          client.renew(other);
          List<Integer> sections =
              client.call(Calls.GRANTS, new GrantsRequest(node, 0, 0)).grants().stream()
                  .map(Grant::section)
                  .toList();
          return sections.size() == 4 ? sections : null;
        });
  }
}
