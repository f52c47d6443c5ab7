package dev.ratchet.proto.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.Limits;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.SectionRun;
import dev.ratchet.proto.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
  private static final Namespace THINGS = Namespace.string("things", 10, 1).withId(1);
  private static final long SEED = Long.getLong("ratchet.seed", System.nanoTime());

  private final RouteTable table = new RouteTable();

  @Test
  void anEmptyTableKnowsNothing() {
    assertEquals(0, table.version());
    assertNull(table.namespace("things"));
    assertNull(table.namespace(1));
    assertNull(table.route(1, 0));
    assertNull(table.owner(1));
    assertEquals(new RouteDelta(0, 0, List.of(), List.of(), List.of()), table.since(0));
  }

  @Test
  void aRunIsSeenAtItsSectionsOnly() {
    assertTrue(table.apply(delta(0, 1, List.of(owner(5)), new SectionRun(1, 2, 3, 5, 7))));
    for (int section = 0; section < 10; section++) {
      boolean inside = section >= 2 && section < 5;
      assertEquals(new Route(inside ? owner(5) : null, inside ? 7 : 0), table.route(1, section));
    }
    assertNull(table.route(1, -1));
    assertNull(table.route(1, 10));
    assertNull(table.route(2, 0));
    assertEquals(THINGS, table.namespace("things"));
    assertEquals(THINGS, table.namespace(1));
    assertEquals(owner(5), table.owner(5));
  }

  @Test
  void aDeltaThatWouldLeaveAHoleIsRefused() {
    assertTrue(table.apply(delta(0, 5, List.of(owner(1)))));
    assertFalse(table.apply(delta(6, 7, List.of(owner(2)), new SectionRun(1, 0, 1, 2, 9))));
    assertEquals(5, table.version());
    assertNull(table.owner(2));
    assertEquals(new Route(null, 0), table.route(1, 0));
  }

  @Test
  void aDeltaOlderThanTheTableIsRefused() {
    assertTrue(table.apply(delta(0, 5, List.of(owner(1)))));
    assertFalse(table.apply(delta(0, 4, List.of(), new SectionRun(1, 0, 1, 1, 9))));
    assertEquals(5, table.version());
    assertNotNull(table.owner(1));
  }

  @Test
  void epochsNeverGoDown() {
    table.apply(delta(0, 1, List.of(owner(1), owner(2)), new SectionRun(1, 0, 2, 1, 7)));
    table.apply(delta(1, 2, List.of(owner(1), owner(2)), new SectionRun(1, 0, 1, 2, 6)));
    assertEquals(new Route(owner(1), 7), table.route(1, 0));
    table.apply(delta(2, 3, List.of(owner(1), owner(2)), new SectionRun(1, 0, 1, 2, 8)));
    assertEquals(new Route(owner(2), 8), table.route(1, 0));
    assertEquals(new Route(owner(1), 7), table.route(1, 1));
  }

  @Test
  void anOwnerThatIsGoneServesNothing() {
    table.apply(delta(0, 1, List.of(owner(1)), new SectionRun(1, 0, 10, 1, 7)));
    table.apply(delta(1, 2, List.of(), new SectionRun(1, 0, 5, 0, 7)));
    assertEquals(new Route(null, 7), table.route(1, 0));
    assertEquals(new Route(null, 7), table.route(1, 9));
  }

  @ParameterizedTest
  @CsvSource({
    "1, -3, 2",
    "1, 10, 1",
    "1, 5, 0",
    "1, 5, -1",
    "1, 2147483647, 2147483647",
    "1, -2147483648, -2147483648",
    "9, 0, 5",
    "0, 0, 5",
    "-1, 0, 5"
  })
  void runsOutsideTheTableAreLeftOut(int namespaceId, int first, int count) {
    assertTrue(
        table.apply(
            delta(0, 1, List.of(owner(1)), new SectionRun(namespaceId, first, count, 1, 7))));
    for (int section = 0; section < 10; section++) {
      assertEquals(new Route(null, 0), table.route(1, section));
    }
  }

  @Test
  void runsThatReachOutAreCut() {
    table.apply(
        delta(
            0,
            1,
            List.of(owner(1)),
            new SectionRun(1, 8, Integer.MAX_VALUE, 1, 7),
            new SectionRun(1, -2, 4, 1, 6)));
    assertEquals(6, epoch(0));
    assertEquals(6, epoch(1));
    assertEquals(0, epoch(2));
    assertEquals(0, epoch(7));
    assertEquals(7, epoch(8));
    assertEquals(7, epoch(9));
  }

  @Test
  void epochsAndIncarnationsAtTheLimitAreHeldAndPastItLeftOut() {
    int most = RouteTable.MAX_INCARNATION;
    table.apply(
        delta(
            0,
            1,
            List.of(owner(most)),
            new SectionRun(1, 0, 1, most, RouteTable.MAX_EPOCH),
            new SectionRun(1, 1, 1, most + 1, 1),
            new SectionRun(1, 2, 1, -1, 1),
            new SectionRun(1, 3, 1, most, RouteTable.MAX_EPOCH + 1),
            new SectionRun(1, 4, 1, most, -1),
            new SectionRun(1, 5, 1, most, Long.MAX_VALUE)));
    assertEquals(new Route(owner(most), RouteTable.MAX_EPOCH), table.route(1, 0));
    for (int section = 1; section < 10; section++) {
      assertEquals(new Route(null, 0), table.route(1, section), "section " + section);
    }
    SectionRun told = table.since(0).runs().get(0);
    assertEquals(new SectionRun(1, 0, 1, most, RouteTable.MAX_EPOCH), told);
  }

  private long epoch(int section) {
    Route route = table.route(1, section);
    return route == null ? -1 : route.epoch();
  }

  @Test
  void neighboursThatAgreeAreOneRun() {
    table.apply(
        delta(
            0,
            4,
            List.of(owner(1)),
            new SectionRun(1, 0, 3, 1, 2),
            new SectionRun(1, 3, 2, 1, 2),
            new SectionRun(1, 6, 1, 1, 2),
            new SectionRun(1, 7, 1, 1, 3)));
    assertEquals(
        List.of(
            new SectionRun(1, 0, 5, 1, 2),
            new SectionRun(1, 6, 1, 1, 2),
            new SectionRun(1, 7, 1, 1, 3)),
        table.since(0).runs());
  }

  @Test
  void onlyWhatChangedIsTold() {
    table.apply(delta(0, 1, List.of(owner(1)), new SectionRun(1, 0, 10, 1, 1)));
    table.apply(delta(1, 2, List.of(owner(1), owner(2)), new SectionRun(1, 4, 1, 2, 2)));
    assertEquals(List.of(new SectionRun(1, 4, 1, 2, 2)), table.since(1).runs());
    assertEquals(List.of(), table.since(2).runs());
    assertEquals(3, table.since(0).runs().size());
  }

  @Test
  void aVersionFromAnotherLifeGetsAllOfIt() {
    table.apply(delta(0, 3, List.of(owner(1)), new SectionRun(1, 0, 10, 1, 1)));
    RouteDelta all = table.since(99);
    assertEquals(0, all.from());
    assertEquals(table.since(0), all);
  }

  @Test
  void aNamespaceThatIsGoneIsForgotten() {
    table.apply(delta(0, 1, List.of(owner(1)), new SectionRun(1, 0, 10, 1, 5)));
    table.apply(new RouteDelta(1, 2, List.of(), List.of(), List.of()));
    assertNull(table.namespace("things"));
    assertNull(table.route(1, 0));
    assertEquals(List.of(), table.since(0).runs());
  }

  @Test
  void aNamespaceKeepsItsSectionsWhateverALaterDeltaSays() {
    table.apply(delta(0, 1, List.of(owner(1)), new SectionRun(1, 0, 10, 1, 5)));
    Namespace other = Namespace.string("things", 20, 1).withId(1);
    table.apply(new RouteDelta(1, 2, List.of(other), List.of(owner(1)), List.of()));
    assertEquals(THINGS, table.namespace("things"));
    assertEquals(THINGS, table.namespace(1));
    assertEquals(new Route(owner(1), 5), table.route(1, 9));
  }

  /** Whatever version a table stopped at, what it is told since makes it equal to its teller. */
  @Test
  void deltasFromAnyPointGiveTheSameTableAsAllAtOnce() {
    for (int run = 0; run < 60; run++) {
      long seed = SEED + run;
      Random random = new Random(seed);
      RouteHistory history = new RouteHistory(random);
      List<RouteTable> followers = new ArrayList<>();
      RouteTable teller = new RouteTable();
      for (int i = 0; i < 120; i++) {
        assertTrue(teller.apply(history.next()));
        if (random.nextInt(10) == 0) {
          followers.add(new RouteTable());
        }
        for (RouteTable follower : followers) {
          if (random.nextInt(8) == 0) {
            RouteTable source = any(followers, teller, random);
            follower.apply(overTheWire(source.since(follower.version())));
          }
        }
      }
      String truth = history.describe();
      String hint = "-Dratchet.seed=" + seed;
      assertEquals(truth, RouteHistory.describe(teller), hint);
      assertWalkAgrees(teller);
      for (RouteTable follower : followers) {
        assertTrue(follower.apply(overTheWire(teller.since(follower.version()))), hint);
        assertEquals(truth, RouteHistory.describe(follower), hint);
      }
    }
  }

  private static void assertWalkAgrees(RouteTable table) {
    for (Namespace namespace : table.namespaces()) {
      RouteTable.Walk walk = Objects.requireNonNull(table.walk(namespace.id()));
      assertEquals(namespace.sectionCount(), walk.count());
      for (int section = 0; section < walk.count(); section++) {
        walk.at(section);
        assertEquals(new Route(walk.owner(), walk.epoch()), table.route(namespace.id(), section));
      }
    }
    assertNull(table.walk(Integer.MAX_VALUE));
  }

  /** A walk that began before must not go on with owners of before. */
  @Test
  void aWalkSeesWhatChangesMeanwhile() {
    table.apply(delta(0, 1, List.of(owner(1)), new SectionRun(1, 0, 10, 1, 5)));
    RouteTable.Walk walk = Objects.requireNonNull(table.walk(1));
    walk.at(0);
    assertEquals(owner(1), walk.owner());
    table.apply(delta(1, 2, List.of(owner(2)), new SectionRun(1, 2, 1, 2, 6)));
    walk.at(1);
    assertNull(walk.owner(), "1 is gone");
    walk.at(2);
    assertEquals(owner(2), walk.owner());
    assertEquals(6, walk.epoch());
  }

  private static RouteTable any(List<RouteTable> followers, RouteTable teller, Random random) {
    int index = random.nextInt(followers.size() + 1);
    return index == followers.size() ? teller : followers.get(index);
  }

  private static RouteDelta overTheWire(RouteDelta delta) {
    return RouteDelta.SCHEMA.decode(RouteDelta.SCHEMA.encode(delta));
  }

  /** All sections there may be, each unlike its neighbour, with the largest of everything. */
  @Test
  void theLargestTableFitsAFrame() {
    int half = RouteTable.MAX_INCARNATION / 2 + 1;
    Namespace most = Namespace.string("n".repeat(64), Limits.MAX_SECTIONS, 1).withId(1 << 27);
    List<SectionRun> runs = new ArrayList<>();
    for (int i = 0; i < Limits.MAX_SECTIONS; i++) {
      runs.add(new SectionRun(most.id(), i, 1, half + i % 2, RouteTable.MAX_EPOCH));
    }
    List<OwnerInfo> owners = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      owners.add(owner(half + i));
    }
    RouteDelta all = new RouteDelta(0, 1L << 60, List.of(most), owners, runs);
    table.apply(all);
    int bytes = RouteDelta.SCHEMA.encode(table.since(0)).length;
    assertEquals(Limits.MAX_SECTIONS, table.since(0).runs().size());
    assertTrue(bytes + Frame.HEADER_BYTES <= Limits.MAX_REPLY_BYTES, () -> bytes + " bytes");
  }

  private static OwnerInfo owner(int incarnation) {
    return new OwnerInfo(incarnation, "alloc-" + incarnation, "zone-1", "10.0.0.1", 7_100);
  }

  private static RouteDelta delta(
      long from, long version, List<OwnerInfo> owners, SectionRun... runs) {
    return new RouteDelta(from, version, List.of(THINGS), owners, List.of(runs));
  }
}
