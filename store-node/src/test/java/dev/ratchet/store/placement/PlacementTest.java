package dev.ratchet.store.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.Limits;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.message.SectionRef;
import dev.ratchet.proto.message.WitnessItem;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.Result;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static final long START = Long.MAX_VALUE - 1_000_000_000L;

  private final FakeStore store = new FakeStore();
  private final Placement placement = new Placement(500, 1_000, START);

  private static long at(long millis) {
    return START + millis * 1_000_000;
  }

  private Plan plan(long millis) {
    return placement.plan(store.routes, at(millis));
  }

  /** Goes on from a time, ten milliseconds a step, until there is nothing to do. */
  private long runFrom(long millis) {
    for (long now = millis; now < millis + 60_000; now += 10) {
      Plan plan = plan(now);
      if (store.grantAll(plan) + store.releaseSome(plan, Integer.MAX_VALUE) == 0
          && now > millis + 1_000) {
        return now;
      }
    }
    throw new AssertionError("placement goes on for a minute");
  }

  private static int spread(Map<Integer, Integer> shares) {
    List<Integer> counts = new ArrayList<>(shares.values());
    counts.sort(null);
    return counts.get(counts.size() - 1) - counts.get(0);
  }

  @Test
  void nothingToDoWithoutNodesOrNamespaces() {
    assertEquals(Plan.NONE, plan(0));
    store.create("tags", 8);
    assertEquals(Plan.NONE, plan(1_000));
  }

  @Test
  void firstGrantsWaitUntilNodesThatStartTogetherAreThere() {
    Namespace tags = store.create("tags", 8);
    store.register("a", "z1");
    assertEquals(Plan.NONE, plan(400));
    store.register("b", "z2");
    assertEquals(Plan.NONE, plan(600));
    assertEquals(Plan.NONE, plan(1_099));
    assertEquals(8, store.grantAll(plan(1_100)));
    assertEquals(Map.of(1, 4, 2, 4), store.shares(tags));
  }

  @Test
  void nodesThatKeepComingPutPlacementOffForABoundedTime() {
    store.create("tags", 8);
    long now = 0;
    while (now < 60_000 && plan(now).grants().isEmpty()) {
      store.register("n" + now, "z");
      now += 300;
    }
    assertTrue(now <= 2_500 + 300, "first grant after " + now);
  }

  @Test
  void settleIsLookedAtAgainThoughNoRouteChanges() {
    store.create("tags", 8);
    store.register("a", "z1");
    assertEquals(Plan.NONE, plan(0));
    assertEquals(1, plan(500).grants().size());
  }

  @Test
  void neighboursGoToDifferentNodesAndZones() {
    Namespace users = store.create("users", 100);
    for (String node : List.of("a", "b", "c", "d")) {
      store.register(node, node.compareTo("c") < 0 ? "east" : "west");
    }
    store.grantAll(plan(5_000));
    for (int section = 1; section < 100; section++) {
      int left = store.owner(users, section - 1);
      int right = store.owner(users, section);
      assertNotEquals(left, right, "sections beside each other");
      assertNotEquals(zone(left), zone(right), "sections beside each other");
    }
  }

  private String zone(int incarnation) {
    OwnerInfo owner = Objects.requireNonNull(store.routes.owner(incarnation));
    return owner.zone();
  }

  @Test
  void oneSectionNamespacesAreSpreadOverTheNodes() {
    store.register("a", "z1");
    store.register("b", "z2");
    Set<Integer> owners = new HashSet<>();
    List<Namespace> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(store.create("tag" + i, 1));
    }
    store.grantAll(plan(5_000));
    all.forEach(namespace -> owners.add(store.owner(namespace, 0)));
    assertEquals(Set.of(1, 2), owners);
  }

  @Test
  void aNodeWhoseLeaseKeepsEndingGetsNothingForAWhile() {
    Namespace tags = store.create("tags", 8);
    store.register("a", "z1");
    int b = store.register("b", "z2");
    long now = runFrom(0);
    assertEquals(Map.of(1, 4, b, 4), store.shares(tags));
    now += 20_000;
    plan(now);
    store.expire(b);
    b = store.register("b", "z2"); // its last life was long
    now = runFrom(now);
    assertEquals(Map.of(1, 4, b, 4), store.shares(tags));
    store.expire(b);
    long died = now;
    store.grantAll(plan(died));
    b = store.register("b", "z2");
    for (; now < died + 5_000; now += 10) {
      Plan plan = plan(now);
      assertEquals(0, store.grantAll(plan) + store.releaseSome(plan, 8), "at " + (now - died));
    }
    assertEquals(Map.of(1, 8, b, 0), store.shares(tags));
    runFrom(now);
    assertEquals(Map.of(1, 4, b, 4), store.shares(tags));
  }

  @Test
  void sectionsOfADeadOwnerAreGrantedAtOnce() {
    Namespace tags = store.create("tags", 9);
    store.register("a", "z1");
    store.register("b", "z2");
    store.register("c", "z3");
    store.grantAll(plan(5_000));
    store.expire(1);
    store.register("d", "z1"); // settling begins, and must not hold back what nobody serves
    assertEquals(3, store.grantAll(plan(5_010)));
    assertEquals(Map.of(2, 3, 3, 3, 4, 3), store.shares(tags));
  }

  @Test
  void releasedSectionsAreGrantedAtOnce() {
    Namespace tags = store.create("tags", 6);
    store.register("a", "z1");
    store.register("b", "z2");
    store.grantAll(plan(5_000));
    List<SectionRef> ofA = new ArrayList<>();
    for (int section = 0; section < 6; section++) {
      if (store.owner(tags, section) == 1) {
        ofA.add(new SectionRef(tags.id(), section));
      }
    }
    store.release(1, ofA);
    store.apply(new Command.Release(1, List.of(), true));
    assertEquals(3, store.grantAll(plan(5_010)));
    assertEquals(Map.of(2, 6), store.shares(tags));
  }

  @Test
  void nodeThatLeavesIsGivenNothingAndItsReleasesGoToTheOthers() {
    Namespace tags = store.create("tags", 6);
    store.register("a", "z1");
    store.register("b", "z2");
    store.grantAll(plan(5_000));
    store.apply(new Command.Renew(1, true));
    Plan plan = plan(5_010);
    assertEquals(List.of(), plan.grants(), "it still serves what it has");
    assertEquals(Map.of(), plan.wantedReleases(), "it releases all by itself");
    for (int section = 0; section < 6; section++) {
      if (store.owner(tags, section) == 1) {
        store.release(1, List.of(new SectionRef(tags.id(), section)));
        assertEquals(1, store.grantAll(plan(5_020)));
      }
    }
    assertEquals(Map.of(1, 0, 2, 6), store.shares(tags));
  }

  @Test
  void newNodeGetsItsShareByReleases() {
    Namespace tags = store.create("tags", 90);
    store.register("a", "z1");
    store.register("b", "z2");
    store.grantAll(plan(5_000));
    store.register("c", "z3");
    assertEquals(Map.of(), plan(5_010).wantedReleases(), "it settles first");
    Plan wanted = plan(5_510);
    assertEquals(15, wanted.wantedReleases(1).size());
    assertEquals(15, wanted.wantedReleases(2).size());
    assertEquals(List.of(), wanted.wantedReleases(3));
    assertEquals(List.of(), wanted.grants());
    store.releaseSome(wanted, 10);
    Plan next = plan(5_520);
    assertEquals(20, store.grantAll(next));
    assertEquals(20, store.shares(tags).get(3));
    assertEquals(5, next.wantedReleases(1).size());
    runFrom(5_530);
    assertEquals(Map.of(1, 30, 2, 30, 3, 30), store.shares(tags));
  }

  @Test
  void newNodeGetsOfTheFrontAndOfTheBack() {
    Namespace users = store.create("users", 1_000);
    store.register("a", "z1");
    store.register("b", "z2");
    store.grantAll(plan(5_000));
    store.register("c", "z3");
    runFrom(5_010);
    int[] perHundred = new int[10];
    for (int section = 0; section < 1_000; section++) {
      perHundred[section / 100] += store.owner(users, section) == 3 ? 1 : 0;
    }
    for (int count : perHundred) {
      assertTrue(count >= 25 && count <= 42, "of each hundred a third: " + count);
    }
  }

  @Test
  void movesKeepToTheBudget() {
    Placement slow = new Placement(0, 10, START);
    store.create("tags", 100);
    store.register("a", "z1");
    store.grantAll(slow.plan(store.routes, at(0)));
    store.register("b", "z2");
    assertEquals(10, slow.plan(store.routes, at(10)).wantedReleases(1).size());
    assertEquals(10, slow.plan(store.routes, at(20)).wantedReleases(1).size());
    assertEquals(20, slow.plan(store.routes, at(1_010)).wantedReleases(1).size());
  }

  @Test
  void anOwnerIsAskedForABoundedNumberAtATime() {
    Placement fast = new Placement(0, 1_000_000, START);
    store.create("users", 20_000);
    store.register("a", "z1");
    int granted = 0;
    while (granted < 20_000) {
      granted += store.grantAll(fast.plan(store.routes, at(0)));
    }
    store.register("b", "z2");
    Plan plan = fast.plan(store.routes, at(10));
    assertEquals(Moves.MAX_RELEASING, plan.wantedReleases(1).size());
    store.releaseSome(plan, 1_000);
    Plan next = fast.plan(store.routes, at(20));
    assertEquals(1_000, store.grantAll(next));
    assertEquals(Moves.MAX_RELEASING, next.wantedReleases(1).size());
  }

  @Test
  void whatIsWantedStaysWantedUntilItIsReleased() {
    store.create("tags", 10);
    store.register("a", "z1");
    store.grantAll(plan(1_000));
    store.register("b", "z2");
    plan(1_010);
    Plan first = plan(2_000);
    assertEquals(5, first.wantedReleases(1).size());
    assertEquals(first.wantedReleases(), plan(90_000).wantedReleases());
  }

  @Test
  void nothingIsLookedAtWhileNothingChanges() {
    store.create("tags", 10);
    store.register("a", "z1");
    store.grantAll(plan(1_000));
    store.register("b", "z2");
    plan(1_010);
    plan(2_000);
    assertSame(plan(2_010), plan(90_000));
  }

  @Test
  void movesToADeadReceiverAreDropped() {
    Namespace tags = store.create("tags", 10);
    store.register("a", "z1");
    store.grantAll(plan(1_000));
    store.register("b", "z2");
    plan(1_010);
    assertEquals(5, plan(2_000).wantedReleases(1).size());
    store.expire(2);
    assertEquals(Plan.NONE, plan(2_010));
    assertEquals(Map.of(1, 10), store.shares(tags));
  }

  @Test
  void sectionsOfAnOwnerThatDiesInAMoveGoToTheReceiver() {
    Namespace tags = store.create("tags", 12);
    store.register("a", "z1");
    store.register("b", "z2");
    store.grantAll(plan(5_000));
    store.register("c", "z3");
    plan(5_010);
    assertEquals(2, plan(6_000).wantedReleases(1).size());
    store.expire(1);
    store.grantAll(plan(6_010));
    runFrom(6_020);
    assertEquals(Map.of(2, 6, 3, 6), store.shares(tags));
  }

  @Test
  void movesAreTurnedToANodeThatComesLater() {
    Namespace tags = store.create("tags", 12);
    store.register("a", "z1");
    store.grantAll(plan(1_000));
    store.register("b", "z2");
    plan(1_010);
    assertEquals(6, plan(2_000).wantedReleases(1).size());
    store.register("c", "z3");
    plan(2_010);
    assertEquals(8, plan(3_000).wantedReleases(1).size());
    runFrom(3_010);
    assertEquals(Map.of(1, 4, 2, 4, 3, 4), store.shares(tags));
  }

  @Test
  void grantUnderWayIsNotProposedTwiceButAgainWhenItGotLost() {
    store.create("tags", 8);
    store.register("a", "z1");
    Plan lost = plan(1_000);
    assertEquals(1, lost.grants().size());
    assertEquals(List.of(), plan(1_010).grants());
    store.register("b", "z2");
    assertEquals(List.of(), plan(1_020).grants());
    assertEquals(8, store.grantAll(plan(1_500)));
  }

  @Test
  void commandsArePutInBoundedEntriesAndTheRestComesNext() {
    Namespace users = store.create("users", 20_000);
    store.register("a", "z1");
    store.register("b", "z2");
    Plan plan = plan(5_000);
    assertEquals(GrantBatches.MAX_COMMANDS, plan.grants().size());
    assertEquals(8_192, store.grantAll(plan));
    assertEquals(8_192, store.grantAll(plan(5_010)));
    assertEquals(20_000 - 2 * 8_192, store.grantAll(plan(5_020)));
    assertEquals(Map.of(1, 10_000, 2, 10_000), store.shares(users));
    assertEquals(Plan.NONE, plan(5_030));
  }

  @Test
  void newLeaderGoesOnFromTheTableAlone() {
    Namespace tags = store.create("tags", 10);
    store.register("a", "z1");
    store.grantAll(plan(1_000));
    store.register("b", "z2");
    plan(1_010);
    store.releaseSome(plan(2_000), 2);
    placement.onLeader(at(2_010));
    assertEquals(2, store.grantAll(plan(2_010)));
    assertEquals(2, store.shares(tags).get(2));
    runFrom(2_020);
    assertEquals(Map.of(1, 5, 2, 5), store.shares(tags));
  }

  private int inZone(Namespace namespace, String zone) {
    int count = 0;
    for (int section = 0; section < namespace.sectionCount(); section++) {
      count += zone(store.owner(namespace, section)).equals(zone) ? 1 : 0;
    }
    return count;
  }

  @Test
  void orphansGoToTheZoneThatIsBelowItsShare() {
    store.register("a", "z1");
    store.register("b", "z1");
    store.register("c", "z2");
    store.register("d", "z2");
    store.create("one", 1);
    store.grantAll(plan(5_000));
    String first = zone(store.owner(store.routes.namespaces().iterator().next(), 0));
    Namespace two = store.create("two", 1);
    store.grantAll(plan(5_010));
    assertNotEquals(first, zone(store.owner(two, 0)));
    Namespace tags = store.create("tags", 6);
    store.grantAll(plan(5_020));
    assertEquals(3, inZone(tags, "z1"));
  }

  @Test
  void aZoneGetsItsShareBackWhenItsNodesComeBack() {
    Namespace tags = store.create("tags", 10);
    store.register("a", "z1");
    store.register("b", "z1");
    store.register("c", "z2");
    store.register("d", "z2");
    store.grantAll(plan(5_000));
    assertEquals(5, inZone(tags, "z1"));
    store.expire(3);
    store.expire(4);
    runFrom(5_010);
    assertEquals(10, inZone(tags, "z1"));
    store.register("c", "z2");
    store.register("d", "z2");
    runFrom(10_000);
    assertEquals(5, inZone(tags, "z2"));
    assertTrue(spread(store.shares(tags)) <= 1);
  }

  @Test
  void shareWithinOneIsLeftAlone() {
    Namespace tags = store.create("tags", 10);
    store.register("a", "z1");
    store.register("b", "z2");
    store.register("c", "z3");
    store.grantAll(plan(5_000));
    assertTrue(spread(store.shares(tags)) <= 1);
    for (long now = 5_010; now < 60_000; now += 500) {
      assertEquals(Plan.NONE, plan(now));
    }
  }

  /** Proposes for a minute, tells what it came to, and counts the sections proposed. */
  private int proposedInAMinuteFrom(long millis) {
    int proposed = 0;
    for (long now = millis; now < millis + 60_000; now += 50) {
      for (Command.Grant grant : plan(now).grants()) {
        proposed += grant.runs().stream().mapToInt(Command.Run::count).sum();
        placement.decided((Result.Granted) store.apply(grant));
      }
    }
    return proposed;
  }

  @Test
  void whatIsHaltedIsProposedOnceUntilItIsResumed() {
    Namespace tags = store.create("tags", 4);
    int first = store.register("a", "z");
    long now = runFrom(0);
    store.apply(new Command.Witness(List.of(new WitnessItem(tags.id(), 0, 9, 900))));
    store.expire(first);
    store.register("b", "z");
    assertEquals(4, proposedInAMinuteFrom(now), "3 are granted, and 1 is tried");
    assertEquals(0, proposedInAMinuteFrom(now + 60_000));
    store.apply(new Command.Resume(tags.id(), 0, 4, 1_000));
    assertEquals(1, proposedInAMinuteFrom(now + 120_000));
    assertNotEquals(0, store.owner(tags, 0));
  }

  @Test
  void whatHasNoNumbersLeftIsProposedOnce() {
    Namespace tags = store.create("tags", 4);
    int first = store.register("a", "z");
    long now = runFrom(0);
    long last = Limits.MAX_NUMBER - 50;
    store.apply(new Command.Witness(List.of(new WitnessItem(tags.id(), 0, 9, last))));
    store.apply(new Command.Resume(tags.id(), 0, 4, 1));
    store.expire(first);
    store.register("b", "z");
    assertEquals(4, proposedInAMinuteFrom(now));
    assertEquals(0, proposedInAMinuteFrom(now + 60_000));
  }
}
