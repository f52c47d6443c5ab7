package dev.ratchet.store.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.SectionRate;
import dev.ratchet.store.state.Command;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Of a dead node's sections, those that somebody waits for are granted before all others. */
class BusyOrphansTest {
  private final FakeStore store = new FakeStore();
  private final SimulatedLoad load = new SimulatedLoad(store);
  private final Placement placement = new Placement(0, 5_000, 0);
  private final Namespace users = store.create("users", 30_000);
  private final Namespace tags = store.create("tags", 9);

  private Plan plan(long millis) {
    return placement.plan(store.routes, millis * 1_000_000);
  }

  private void start() {
    store.register("a", "z1");
    store.register("b", "z2");
    store.register("c", "z3");
    for (long now = 0; store.grantAll(plan(now)) > 0; now += 10) {
      assertEquals(0, load.measure().values().stream().mapToLong(Load::rate).sum());
    }
  }

  private List<Integer> ownedBy(Namespace namespace, int incarnation) {
    List<Integer> sections = new ArrayList<>();
    for (int section = 0; section < namespace.sectionCount(); section++) {
      if (store.owner(namespace, section) == incarnation) {
        sections.add(section);
      }
    }
    return sections;
  }

  private static Set<Integer> granted(Plan plan, Namespace namespace) {
    Set<Integer> sections = new TreeSet<>();
    for (Command.Grant grant : plan.grants()) {
      for (Command.Run run : grant.runs()) {
        for (int i = 0; run.namespaceId() == namespace.id() && i < run.count(); i++) {
          sections.add(run.first() + i);
        }
      }
    }
    return sections;
  }

  @Test
  void busySectionsComeInAnEntryOfTheirOwn() {
    start();
    Set<Integer> busy = new TreeSet<>(ownedBy(users, 1).subList(9_000, 9_040));
    busy.forEach(section -> load.set(users, section, 50));
    int busyTag = ownedBy(tags, 1).get(2);
    load.set(tags, busyTag, 10);
    placement.measured(load.measure());
    store.expire(1);
    Plan first = plan(60_000);
    assertEquals(1, first.grants().size());
    assertEquals(busy, granted(first, users));
    assertEquals(Set.of(busyTag), granted(first, tags));
    assertEquals(41, store.grantAll(first));
    Set<Integer> receivers = new HashSet<>();
    busy.forEach(section -> receivers.add(store.owner(users, section)));
    assertEquals(Set.of(2, 3), receivers);
    assertEquals(8_192, store.grantAll(plan(60_010)));
    assertEquals(10_003 - 41 - 8_192, store.grantAll(plan(60_020)));
    assertEquals(Map.of(2, 15_000, 3, 15_000), store.shares(users));
    assertEquals(Plan.NONE, plan(60_030));
  }

  /** The load of a dead node may be dropped before or after its end is seen in the routes. */
  @Test
  void whatWasBusyIsKnownAfterItsLoadIsDropped() {
    start();
    int busy = ownedBy(users, 1).get(7_000);
    load.set(users, busy, 50);
    placement.measured(load.measure());
    Map<Integer, Load> others = new HashMap<>(load.measure());
    others.remove(1);
    placement.measured(others);
    store.expire(1);
    assertEquals(Set.of(busy), granted(plan(60_000), users));
  }

  @Test
  void whatWasBusyOnceIsForgottenWhenAllIsGranted() {
    start();
    int busy = ownedBy(users, 1).get(7_000);
    load.set(users, busy, 50);
    placement.measured(load.measure());
    store.expire(1);
    for (long now = 60_000; store.grantAll(plan(now)) > 0; now += 10) {
      placement.measured(Map.of());
    }
    store.expire(store.owner(users, busy));
    assertEquals(8_192, granted(plan(70_000), users).size());
  }

  @Test
  void sectionsThatOthersServeAreLeftAlone() {
    start();
    int served = ownedBy(users, 2).get(0);
    placement.measured(
        Map.of(1, new Load(1, 50, List.of(new SectionRate(users.id(), served, 50)))));
    store.expire(1);
    assertEquals(false, granted(plan(60_000), users).contains(served));
  }
}
