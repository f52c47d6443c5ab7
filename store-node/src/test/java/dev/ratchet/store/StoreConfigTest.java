package dev.ratchet.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.store.rpc.AdminToken;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StoreConfigTest {
  private static final Path DATA = Path.of("unused");

  private static Member member(int i) {
    return new Member(
        "store-" + i,
        "zone-" + i,
        new HostPort("10.0.0." + i, 7300),
        new HostPort("10.0.0." + i, 7400));
  }

  private static StoreConfig times(int election, int jitter, int leaseWait) {
    return new StoreConfig(
        "prod",
        "store-1",
        DATA,
        List.of(member(1)),
        election,
        jitter,
        300,
        128,
        leaseWait,
        200,
        500,
        5,
        AdminToken.NONE);
  }

  @Test
  void theDefaultsAreValidAndNoLongerThanNeeded() {
    assertEquals(List.of(), StoreConfig.of("prod", "store-1", DATA, List.of(member(1))).validate());
    assertEquals(List.of(), times(350, 200, 2_000).validate());
    assertEquals(1, times(350, 200, 1_999).validate().size());
  }

  @Test
  void aLeaseMustOutlastTheWorstElection() {
    String wrong = String.join("\n", times(1_000, 1_000, 2_000).validate());
    assertTrue(wrong.startsWith("leaseWaitMillis: 2000 must be at least 4625"), wrong);
  }

  @Test
  void allProblemsAreNamedAtOnce() {
    Member nowhere =
        new Member("store-1", " ", new HostPort("0.0.0.0", 7300), new HostPort("h", 0));
    List<String> wrong =
        new StoreConfig(
                "pr/od",
                "store-9",
                DATA,
                List.of(nowhere, nowhere),
                1,
                1,
                0,
                0,
                0,
                0,
                -1,
                0,
                AdminToken.of("a-short-secret"))
            .validate();
    for (String field :
        List.of(
            "cluster:",
            "node: 'store-9' is not one",
            "members: node 'store-1' is there twice",
            "members.rpc: 0.0.0.0:7300 of node 'store-1' must name the host",
            "members.rpc: 0.0.0.0:7300 of node 'store-1' is there twice",
            "members.raft: h:0 of node 'store-1' must have a port",
            "members.zone:",
            "electionTimeoutMillis: 1 ",
            "electionJitterMillis: 1 ",
            "snapshotIntervalSeconds: 0 ",
            "applyBatch: 0 ",
            "leaseWaitMillis: 0 ",
            "suspectMillis: 0 ",
            "placementSettleMillis: -1 ",
            "movesPerSecond: 0 ",
            "adminToken: must be 16 to 256 ")) {
      assertTrue(wrong.stream().anyMatch(one -> one.startsWith(field)), field + " in " + wrong);
    }
  }

  @Test
  void anInvalidConfigurationDoesNotStart() {
    StoreConfig config = StoreConfig.of("prod", "store-1", DATA, List.of());
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> StoreNode.start(config, new SimpleMeterRegistry()).close());
    assertTrue(String.valueOf(error.getMessage()).contains("members: there are none"));
    assertThrows(IllegalArgumentException.class, config::self);
  }
}
