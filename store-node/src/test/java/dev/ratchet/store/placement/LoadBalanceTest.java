package dev.ratchet.store.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.WitnessItem;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Load moves off hot nodes, once, and never to and fro. */
class LoadBalanceTest {
  private static final long SECOND = 1_000_000_000L;

  private FakeStore store = new FakeStore();
  private SimulatedLoad load = new SimulatedLoad(store);
  private Placement placement = new Placement(0, 5_000, 0);
  private long now;
  private Map<Integer, Load> reported = new HashMap<>();

  /** Ten times a second a plan, carried out at once; every two seconds a measurement. */
  private int run(int seconds) {
    int moved = 0;
    for (int tenth = 0; tenth < 10 * seconds; tenth++) {
      if (tenth % 20 == 0) {
        reported = load.measure();
      }
      moved += step();
    }
    return moved;
  }

  private int step() {
    now += SECOND / 10;
    placement.follow(store.orders());
    placement.measured(reported);
    Plan plan = placement.plan(store.routes, now);
    store.grantAll(plan);
    return store.releaseSome(plan, Integer.MAX_VALUE);
  }

  private Namespace nodesWith(int nodes, int sections) {
    Namespace users = store.create("users", sections);
    for (int i = 0; i < nodes; i++) {
      store.register("n" + i, "z" + i % 3);
    }
    run(2);
    return users;
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

  @Test
  void aHotNodeIsCooledThoughASectionIsHaltedForLong() {
    Namespace users = nodesWith(3, 90);
    List<Integer> busy = ownedBy(users, 1).subList(0, 6);
    int idle = ownedBy(users, 2).get(0);
    store.apply(new Command.Witness(List.of(new WitnessItem(users.id(), idle, 9, 900))));
    for (Command.Grant grant : placement.plan(store.routes, now).grants()) {
      placement.decided((Result.Granted) store.apply(grant));
    }
    busy.forEach(section -> load.set(users, section, 10_000));
    run(60);
    assertTrue(load.most() <= 20_000, "60,000 calls over three nodes: " + load.most());
  }

  @Test
  void busySectionsOfAHotNodeAreSwappedForIdleOnes() {
    Namespace users = nodesWith(3, 90);
    for (int section : ownedBy(users, 1).subList(0, 6)) {
      load.set(users, section, 10_000);
    }
    Map<Integer, Integer> shares = store.shares(users);
    int moved = run(60);
    assertTrue(load.most() <= 20_000, "60,000 calls over three nodes: " + load.most());
    assertEquals(8, moved, "four busy sections go, four idle ones come");
    assertEquals(shares, store.shares(users), "the shares stay even");
    assertEquals(0, run(120));
  }

  @Test
  void nothingIsDoneBeforeANodeHasBeenHotForAWhile() {
    Namespace users = nodesWith(3, 90);
    for (int section : ownedBy(users, 1).subList(0, 6)) {
      load.set(users, section, 10_000);
    }
    assertEquals(0, run(6));
    assertTrue(run(10) > 0);
  }

  @Test
  void loadsThatSwingWithinTheMarginCauseNothing() {
    Namespace users = nodesWith(2, 40);
    int left = ownedBy(users, 1).get(0);
    int right = ownedBy(users, 2).get(0);
    int moved = 0;
    for (int swing = 0; swing < 40; swing++) {
      load.set(users, left, swing % 2 == 0 ? 120_000 : 80_000);
      load.set(users, right, swing % 2 == 0 ? 80_000 : 120_000);
      moved += run(10);
    }
    assertEquals(0, moved);
  }

  @Test
  void burstsShorterThanTheLooksCauseNothing() {
    Namespace users = nodesWith(3, 90);
    List<Integer> busy = ownedBy(users, 1).subList(0, 6);
    int moved = 0;
    for (int burst = 0; burst < 30; burst++) {
      busy.forEach(section -> load.set(users, section, 10_000));
      moved += run(4);
      busy.forEach(section -> load.set(users, section, 0));
      moved += run(6);
    }
    assertEquals(0, moved);
  }

  @Test
  void littleLoadIsNotWorthAMoveHoweverUneven() {
    Namespace users = nodesWith(3, 90);
    for (int section : ownedBy(users, 1).subList(0, 6)) {
      load.set(users, section, 400);
    }
    assertEquals(0, run(60));
  }

  @Test
  void aSectionThatIsTooHotByItselfStaysAndItsNeighboursGo() {
    Namespace users = nodesWith(3, 90);
    List<Integer> sections = ownedBy(users, 1);
    int hot = sections.get(0);
    load.set(users, hot, 300_000);
    sections.subList(1, 6).forEach(section -> load.set(users, section, 5_000));
    int moved = run(60);
    assertEquals(1, store.owner(users, hot), "it would make any other node as hot");
    assertEquals(10, moved, "its five busy neighbours go, five idle ones come");
    assertEquals(300_000, load.most());
    assertEquals(0, run(120));
  }

  @Test
  void namespacesOfOneSectionAreSwappedForEachOther() {
    List<Namespace> tags = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      tags.add(store.create("tag" + i, 1));
    }
    store.register("a", "z1");
    store.register("b", "z2");
    run(2);
    for (Namespace tag : tags) {
      load.set(tag, 0, store.owner(tag, 0) == 1 ? 10_000 : 0);
    }
    assertTrue(run(60) > 0);
    assertEquals(30_000, load.most());
    assertEquals(0, run(60));
  }

  @Test
  void sectionsThatOperatorsWantSomewhereStayThere() {
    Namespace users = nodesWith(2, 40);
    List<Integer> busy = List.copyOf(ownedBy(users, 1).subList(0, 6));
    for (int section : busy) {
      load.set(users, section, 10_000);
      store.pin(users, section, "n0");
    }
    assertEquals(0, run(60));
  }

  @Test
  void withoutANewMeasurementOfEveryNodeNothingIsDone() {
    Namespace users = nodesWith(3, 90);
    for (int section : ownedBy(users, 1).subList(0, 6)) {
      load.set(users, section, 10_000);
    }
    reported = load.measure();
    for (int i = 0; i < 600; i++) {
      assertEquals(0, step(), "the same measurement again proves nothing");
    }
    int moved = 0;
    for (int i = 0; i < 600; i++) {
      if (i % 20 == 0) {
        reported = load.measure();
        reported.remove(3);
      }
      moved += step();
    }
    assertEquals(0, moved, "one node says nothing");
  }

  @Test
  void aNewLeaderLearnsTheLoadAnew() {
    Namespace users = nodesWith(3, 90);
    for (int section : ownedBy(users, 1).subList(0, 6)) {
      load.set(users, section, 10_000);
    }
    assertEquals(0, run(6));
    placement = new Placement(0, 5_000, now);
    assertEquals(0, run(8));
    assertTrue(run(10) > 0);
    assertTrue(load.most() <= 20_000);
  }

  /** From any start, with constant rates: a bounded number of moves, then none for ever. */
  @Property(tries = 60)
  void constantRatesComeToRest(@ForAll long seed) {
    Random random = new Random(seed);
    store = new FakeStore();
    load = new SimulatedLoad(store);
    placement = new Placement(0, 5_000, now);
    List<Namespace> namespaces = new ArrayList<>();
    int sections = 0;
    for (int i = 0; i <= random.nextInt(5); i++) {
      Namespace namespace = store.create("ns" + i, 1 + random.nextInt(60));
      namespaces.add(namespace);
      sections += namespace.sectionCount();
    }
    int nodes = 2 + random.nextInt(6);
    for (int i = 0; i < nodes; i++) {
      store.register("n" + i, "z" + random.nextInt(3));
    }
    run(3);
    boolean flat = random.nextInt(4) == 0;
    for (Namespace namespace : namespaces) {
      for (int section = 0; section < namespace.sectionCount(); section++) {
        double skew = flat ? 1 : Math.exp(3 * random.nextGaussian());
        load.set(namespace, section, random.nextInt(3) == 0 ? 0 : (long) (3_000 * skew));
      }
    }
    long before = load.most();
    double line = load.mean() * (1 + HotNodes.CALM);
    Map<String, Integer> tooHot = new HashMap<>();
    for (Namespace namespace : namespaces) {
      for (int section = 0; section < namespace.sectionCount(); section++) {
        if (load.rate(namespace, section) > line) {
          tooHot.put(namespace.id() + "/" + section, store.owner(namespace, section));
        }
      }
    }
    int moved = run(400);
    assertTrue(moved <= 4 * sections, moved + " moves of " + sections + " sections");
    assertEquals(0, run(400), "at rest for ever");
    assertTrue(load.most() <= before, "no node is busier than the busiest was");
    for (Namespace namespace : namespaces) {
      List<Integer> counts = new ArrayList<>(store.shares(namespace).values());
      counts.sort(null);
      assertTrue(counts.get(counts.size() - 1) - counts.get(0) <= 1, "even: " + counts);
      for (int section = 0; section < namespace.sectionCount(); section++) {
        Integer owner = tooHot.get(namespace.id() + "/" + section);
        assertTrue(
            owner == null || owner == store.owner(namespace, section), "bounced about: " + section);
      }
    }
  }

  /**
   * As many sections and nodes as a large cluster has; hot nodes of it are cooled in few rounds.
   */
  @Test
  void alsoWithFortyThreeThousandSectionsOnAHundredNodes() {
    placement = new Placement(0, 50_000, 0);
    Namespace users = nodesWith(100, 43_000);
    Random random = new Random(7);
    for (int section = 0; section < 43_000; section++) {
      load.set(users, section, random.nextInt(200));
    }
    for (int node = 1; node <= 3; node++) {
      for (int section : ownedBy(users, node).subList(0, 10)) {
        load.set(users, section, 5_000);
      }
    }
    double line = load.mean() * (1 + HotNodes.MARGIN);
    assertTrue(load.most() > line);
    int moved = run(40);
    assertTrue(moved > 0 && moved <= 60, moved + " moves");
    assertTrue(load.most() <= line, load.most() + " is above " + line);
    assertEquals(0, run(30));
  }
}
