package dev.ratchet.alloc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.rpc.HostPort;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllocConfigTest {
  private static final HostPort LISTEN = new HostPort("127.0.0.1", 0);
  private static final AllocConfig DEFAULTS =
      AllocConfig.of("a", "z", LISTEN, List.of(new HostPort("s", 1)));

  private static AllocConfig lease(int renewMillis, int holderMillis) {
    return new AllocConfig(
        "a", "z", LISTEN, "h", DEFAULTS.stores(), renewMillis, holderMillis, 1, 1, 1, 1 << 20);
  }

  @Test
  void theDefaultsAreValid() {
    assertEquals(List.of(), DEFAULTS.validate());
  }

  @Test
  void everyProblemNamesItsField() {
    AllocConfig wrong = new AllocConfig(" ", "", LISTEN, "", List.of(), 9, 1, 0, 0, 0, 1);
    List<String> fields =
        List.of(
            "node",
            "zone",
            "advertiseHost",
            "stores",
            "renewMillis",
            "holderMillis",
            "threads",
            "maxWaitingCalls",
            "maxWaitMillis",
            "counterMemoryBytes");
    List<String> problems = wrong.validate();
    assertEquals(fields.size(), problems.size(), problems.toString());
    for (int i = 0; i < fields.size(); i++) {
      assertTrue(problems.get(i).startsWith(fields.get(i) + ":"), problems.get(i));
    }
  }

  /** Else losing the store's leader would stop every section. */
  @Test
  void aLeaseOutlastsTwoRenewalsAnElectionAndACommit() {
    assertEquals(List.of(), lease(250, 1_500).validate());
    assertEquals(1, lease(250, 1_499).validate().size());
  }

  @Test
  void aNodeDoesNotStartWithAnInvalidConfiguration() {
    IllegalArgumentException failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> AllocNode.start(lease(250, 10), new SimpleMeterRegistry()));
    assertTrue(String.valueOf(failure.getMessage()).contains("holderMillis"));
  }
}
