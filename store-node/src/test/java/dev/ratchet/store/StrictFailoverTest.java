package dev.ratchet.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.ConfirmRequest;
import dev.ratchet.proto.message.Grant;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.SectionRef;
import dev.ratchet.proto.message.WitnessItem;
import dev.ratchet.proto.message.WitnessReply;
import dev.ratchet.proto.message.WitnessRequest;
import dev.ratchet.proto.rpc.Calls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the store does when a holder's connection breaks; over real sockets and a real log. */
@Timeout(120)
final class StrictFailoverTest {
  @TempDir private Path folder;

  private static Grant of(List<Grant> grants, Namespace namespace) {
    return grants.stream()
        .filter(grant -> grant.namespaceId() == namespace.id())
        .findFirst()
        .orElseThrow();
  }

  /** Well before its lease is over: the last barrier shows that it still has the other section. */
  @Test
  void onlyStrictSectionsOfAHolderWhoseConnectionBrokeGoToAnother() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 1);
        StoreClient second = cluster.client()) {
      Namespace strict = second.create(Namespace.string("ledger", 1, 100).asStrict());
      Namespace relaxed = second.create(Namespace.string("orders", 1, 100));
      Grant before;
      int dying;
      try (StoreClient first = cluster.client()) {
        dying = first.register("alloc-1", 11);
        List<Grant> grants = first.awaitGrants(dying, 2);
        before = of(grants, strict);
        assertEquals(0, of(grants, relaxed).base());
        second.renew(second.register("alloc-2", 22));
      }
      int living = second.register("alloc-2", 22);
      Grant after = of(second.awaitGrants(living, 1), strict);
      assertEquals(before.epoch() + 1, after.epoch());
      assertEquals(before.maxSeq(), after.base());

      SectionEpoch old = new SectionEpoch(strict.id(), 0, before.epoch());
      assertEquals(
          List.of(new SectionRef(strict.id(), 0)),
          second.call(Calls.CONFIRM, new ConfirmRequest(dying, List.of(old))).stale());
      SectionEpoch kept = new SectionEpoch(relaxed.id(), 0, 1);
      assertEquals(
          List.of(), second.call(Calls.CONFIRM, new ConfirmRequest(dying, List.of(kept))).stale());
    }
  }

  @Test
  void aStoreThatIsBehindHaltsWhatANodeSawAndGrantsItToNobody() throws IOException {
    try (TestCluster cluster = TestCluster.started(folder, 1);
        StoreClient client = cluster.client()) {
      Namespace orders = client.create(Namespace.string("orders", 4, 100));
      int incarnation = client.register("alloc-1", 11);
      client.awaitGrants(incarnation, 4);
      WitnessReply fine =
          client.call(
              Calls.WITNESS, new WitnessRequest(List.of(new WitnessItem(orders.id(), 1, 1, 100))));
      assertEquals(List.of(), fine.halted());
      WitnessReply behind =
          client.call(
              Calls.WITNESS,
              new WitnessRequest(
                  List.of(
                      new WitnessItem(orders.id(), 1, 1, 100),
                      new WitnessItem(orders.id(), 2, 5, 900))));
      assertEquals(List.of(new SectionEpoch(orders.id(), 2, 5)), behind.halted());
      client.raise(incarnation, new Grant(orders.id(), 3, 1, 0, 100, 0), 100, 200);
      assertTrue(
          client.awaitGrants(incarnation, 3).stream().noneMatch(grant -> grant.section() == 2));
      assertTrue(cluster.halts().reasons().isEmpty());
    }
  }
}
