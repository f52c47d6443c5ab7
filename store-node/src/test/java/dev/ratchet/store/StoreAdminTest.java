package dev.ratchet.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.DrainRequest;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.nio.file.Path;
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
}
