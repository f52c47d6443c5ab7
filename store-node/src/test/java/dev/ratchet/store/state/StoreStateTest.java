package dev.ratchet.store.state;

import static dev.ratchet.store.state.Replica.assertOk;
import static dev.ratchet.store.state.Replica.whole;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.SectionRun;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoreStateTest {
  @Test
  void emptyTableBecomesTheFirstState() {
    TreeTable table = new TreeTable();
    assertNull(new StateReader(table).meta());
    assertEquals(0, new StateReader(table).routeVersion());
    StoreState state = new StoreState(table, "here");
    assertEquals(new Meta("here", 0, 0, 0, 0), state.reader().meta());
    assertEquals(
        new RouteDelta(0, 0, List.of(), List.of(), List.of()), state.reader().routesSince(0));
  }

  @Test
  void stateOfAnotherClusterIsRefused() {
    TreeTable table = new TreeTable();
    new StoreState(table, "here");
    new StoreState(table, "here");
    IllegalStateException error =
        assertThrows(IllegalStateException.class, () -> new StoreState(table, "there"));
    assertTrue(String.valueOf(error.getMessage()).contains("'here'"), error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new StoreState(new TreeTable(), ""));
  }

  @Test
  void undecodableEntryChangesNothing() {
    Replica replica = Replica.withNamespace();
    byte[] before = replica.table.dump();
    assertThrows(
        UndecodableEntryException.class, () -> replica.state.apply(new byte[] {1, 2, 3, 4, 5, 6}));
    assertArrayEquals(before, replica.table.dump());
  }

  @Test
  void damagedRecordsHalt() {
    Replica replica = Replica.withNamespace();
    int a = replica.register("a", 1);
    replica.grant(a, 0, 1);
    for (byte[] damaged : List.of(new byte[0], new byte[] {2, 0}, new byte[] {1, -1})) {
      replica.table.put(StateKeys.section(1, 0), damaged);
      assertThrows(IllegalStateException.class, () -> replica.raise(a, 0, 1, 100, 200));
    }
    byte[] longer = Arrays.copyOf(Records.write(new SectionRecord(a, 1, 0, 1, 0, 0, 0, false)), 20);
    replica.table.put(StateKeys.section(1, 0), longer);
    assertThrows(IllegalStateException.class, () -> replica.raise(a, 0, 1, 100, 200));
  }

  @Test
  void illegalMovesOfASectionHalt() {
    SectionRecord now = new SectionRecord(1, 5, 50, 100, 0, 5, 10, false);
    assertIllegal(now, new SectionRecord(1, 4, 50, 100, 0, 4, 10, false));
    assertIllegal(now, new SectionRecord(1, 5, 50, 99, 0, 5, 10, false));
    assertIllegal(now, new SectionRecord(1, 5, 49, 100, 0, 5, 10, false));
    assertIllegal(now, new SectionRecord(1, 5, 101, 100, 0, 5, 10, false));
    assertIllegal(now, new SectionRecord(1, 5, 50, 100, 0, 6, 10, false));
    assertIllegal(now, new SectionRecord(1, 5, 50, 100, 0, 5, 9, false));
    new SectionRecord(1, 6, 100, 200, 0, 5, 11, false).assertFollows(now);
  }

  private static void assertIllegal(SectionRecord from, SectionRecord to) {
    TreeTable table = new TreeTable();
    StateWriter writer = new StateWriter(table, new StateReader(table));
    assertThrows(IllegalStateException.class, () -> writer.move(1, 0, from, to));
    assertNull(table.get(StateKeys.section(1, 0)));
  }

  @Test
  void routesSinceAVersionSurviveARestart() {
    Replica replica = Replica.withNamespace();
    int a = replica.register("a", 1);
    replica.grant(a, 0, 4);
    long version = replica.version();
    assertOk(replica.raise(a, 3, 1, 100, 200));
    assertOk(replica.release(a, whole(1, 1, 100, 100), whole(2, 1, 100, 100)));
    StateReader restarted = new Replica(replica.table.copy()).state.reader();
    RouteDelta delta = restarted.routesSince(version);
    assertEquals(version, delta.from());
    assertEquals(version + 1, delta.version());
    assertEquals(List.of(new SectionRun(1, 1, 2, 0, 1)), delta.runs());
    assertEquals(1, delta.owners().size());
    assertEquals(1, delta.namespaces().size());
    assertEquals(List.of(), restarted.routesSince(version + 1).runs());
  }

  @Test
  void routesSinceAVersionOfAnotherLifeAreComplete() {
    Replica replica = Replica.withNamespace();
    replica.grant(replica.register("a", 1), 0, 4);
    RouteDelta delta = replica.state.reader().routesSince(replica.version() + 1);
    assertEquals(0, delta.from());
    assertEquals(List.of(new SectionRun(1, 0, 4, 1, 1)), delta.runs());
  }

  @Test
  void deltasOfResultsJoinWithoutHoles() {
    Replica replica = Replica.withNamespace();
    int a = replica.register("a", 1);
    replica.grant(a, 0, 4);
    replica.expire(a);
    assertEquals(replica.version(), replica.routes.version());
  }

  @Test
  void sectionsAreShownInOrder() {
    Replica replica = Replica.withNamespace();
    replica.grant(replica.register("a", 1), 0, 4);
    StringBuilder shown = new StringBuilder();
    replica
        .state
        .reader()
        .sections((id, section, record) -> shown.append(id).append(section).append(' '));
    assertEquals("10 11 12 13 ", shown.toString());
  }
}
