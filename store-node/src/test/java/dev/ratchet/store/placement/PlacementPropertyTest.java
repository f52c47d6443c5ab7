package dev.ratchet.store.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.Pin;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random clusters. A failure names its seed; {@code @Property(seed = "…")} repeats it. */
class PlacementPropertyTest {
  /** Steps of ten milliseconds: well above what settling, retries and all moves take. */
  private static final int STEPS = 2_000;

  @Property(tries = 150)
  void anyStartBecomesLevelAndStaysStill(@ForAll long seed) {
    Random random = new Random(seed);
    FakeStore store = new FakeStore();
    List<Namespace> namespaces = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(6); i++) {
      namespaces.add(store.create("ns" + i, 1 + random.nextInt(40)));
    }
    Placement placement = new Placement(random.nextInt(2) * 50, 200 + random.nextInt(500), 0);
    long now = disturb(store, placement, namespaces, random);

    int moved = 0;
    int quiet = 0;
    for (int step = 0; step < STEPS && quiet < 300; step++) {
      now += 10_000_000;
      Plan plan = placement.plan(store.routes, now);
      int done = store.grantAll(plan) + store.releaseSome(plan, 1 + random.nextInt(8));
      moved += done;
      quiet = done == 0 ? quiet + 1 : 0;
    }
    int sections = namespaces.stream().mapToInt(Namespace::sectionCount).sum();
    assertTrue(moved <= 4 * sections, moved + " steps for " + sections + " sections");
    assertEquals(300, quiet, "it stays still");
    assertLevel(store, namespaces);
    assertEquals(Plan.NONE, placement.plan(store.routes, now + 10_000_000));
  }

  /** Drains and moves by hand come on top: they win, and all still comes to rest. */
  @Property(tries = 100)
  void operatorsGetWhatTheyWantFromAnyStart(@ForAll long seed) {
    Random random = new Random(seed);
    FakeStore store = new FakeStore();
    List<Namespace> namespaces = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(4); i++) {
      namespaces.add(store.create("ns" + i, 1 + random.nextInt(40)));
    }
    Placement placement = new Placement(random.nextInt(2) * 50, 200 + random.nextInt(500), 0);
    long now = disturb(store, placement, namespaces, random);
    List<OwnerInfo> owners = List.copyOf(store.routes.owners());
    for (int i = random.nextInt(12); i > 0; i--) {
      Namespace namespace = namespaces.get(random.nextInt(namespaces.size()));
      String node = owners.get(random.nextInt(owners.size())).node();
      store.pin(namespace, random.nextInt(namespace.sectionCount()), node);
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      store.drain(owners.get(random.nextInt(owners.size())).node(), false);
    }
    int quiet = 0;
    for (int step = 0; step < STEPS && quiet < 300; step++) {
      now += 10_000_000;
      placement.follow(store.orders());
      Plan plan = placement.plan(store.routes, now);
      int done = store.grantAll(plan) + store.releaseSome(plan, 1 + random.nextInt(8));
      quiet = done == 0 ? quiet + 1 : 0;
    }
    assertEquals(300, quiet, "it stays still");
    assertEquals(0, placement.left());
    for (Pin pin : store.orders().pins()) {
      Namespace namespace =
          namespaces.stream().filter(n -> n.id() == pin.namespaceId()).findFirst().orElseThrow();
      assertEquals(pin.incarnation(), store.owner(namespace, pin.section()));
    }
    for (Namespace namespace : namespaces) {
      Map<Integer, Integer> shares = store.shares(namespace);
      assertTrue(!shares.containsKey(0), "sections nobody serves: " + shares);
      store.orders().drained().forEach(drained -> assertEquals(0, shares.get(drained)));
    }
    if (store.orders().pins().isEmpty() && store.orders().drained().isEmpty()) {
      assertLevel(store, namespaces);
    }
  }

  /** Nodes come and die while plans are carried out by halves, or not at all. */
  private static long disturb(
      FakeStore store, Placement placement, List<Namespace> namespaces, Random random) {
    long now = 0;
    List<Integer> living = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      now += random.nextInt(100) * 1_000_000L;
      int dice = random.nextInt(10);
      if (dice < 2 && living.size() < 6) {
        living.add(store.register("n" + i, "z" + random.nextInt(3)));
      } else if (dice < 3 && living.size() > 1) {
        store.expire(living.remove(random.nextInt(living.size())));
      } else if (dice < 4) {
        grantAtRandom(store, namespaces, living, random);
      } else if (dice < 5) {
        placement.onLeader(now);
      }
      Plan plan = placement.plan(store.routes, now);
      if (random.nextInt(5) > 0) {
        plan.grants().forEach(store::apply);
      }
      store.releaseSome(plan, random.nextInt(4));
    }
    if (living.isEmpty()) {
      store.register("last", "z");
    }
    return now;
  }

  /** What an older leader may have left behind. */
  private static void grantAtRandom(
      FakeStore store, List<Namespace> namespaces, List<Integer> living, Random random) {
    if (living.isEmpty()) {
      return;
    }
    Namespace namespace = namespaces.get(random.nextInt(namespaces.size()));
    int receiver = living.get(random.nextInt(living.size()));
    int count = namespace.sectionCount();
    store.apply(new Command.Grant(List.of(new Command.Run(namespace.id(), 0, count, receiver))));
  }

  private static void assertLevel(FakeStore store, List<Namespace> namespaces) {
    Map<Integer, Integer> totals = new TreeMap<>();
    for (Namespace namespace : namespaces) {
      Map<Integer, Integer> shares = store.shares(namespace);
      assertTrue(!shares.containsKey(0), "sections nobody serves: " + shares);
      assertTrue(spread(shares) <= 1, namespace.name() + ": " + shares);
      shares.forEach((node, count) -> totals.merge(node, count, Integer::sum));
    }
    assertTrue(spread(totals) <= 1, "of all namespaces: " + totals);
  }

  private static int spread(Map<Integer, Integer> shares) {
    return Collections.max(shares.values()) - Collections.min(shares.values());
  }
}
