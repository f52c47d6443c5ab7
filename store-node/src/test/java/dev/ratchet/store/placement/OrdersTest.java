package dev.ratchet.store.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.SectionRef;
import dev.ratchet.store.state.Command;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What operators ask of placement: drain, move, balance. */
class OrdersTest {
  private final FakeStore store = new FakeStore();
  private Placement placement = new Placement(0, 1_000, 0);
  private long millis = 10_000;

  private Plan plan() {
    millis += 10;
    placement.follow(store.orders());
    return placement.plan(store.routes, millis * 1_000_000);
  }

  /** Goes on until nothing is left to do; how many sections were released on the way. */
  private int run() {
    int released = 0;
    int quiet = 0;
    for (int step = 0; quiet < 100; step++) {
      assertTrue(step < 5_000, "placement goes on for 50 s");
      Plan plan = plan();
      int granted = store.grantAll(plan);
      int given = store.releaseSome(plan, 7);
      released += given;
      quiet = granted + given == 0 ? quiet + 1 : 0;
    }
    assertEquals(0, placement.left());
    return released;
  }

  private Namespace threeNodes(int sections) {
    Namespace tags = store.create("tags", sections);
    store.register("a", "z1");
    store.register("b", "z2");
    store.register("c", "z3");
    run();
    return tags;
  }

  @Test
  void aDrainedNodesSectionsGoToTheOthersEvenlyAndItGetsNoneBack() {
    Namespace tags = threeNodes(90);
    store.drain("a", false);
    Plan plan = plan();
    assertEquals(List.of(), plan.grants(), "it still serves what it has");
    assertEquals(30, plan.wantedReleases(1).size());
    assertEquals(30, placement.left());
    assertEquals(30, run(), "each section moves once");
    assertEquals(Map.of(1, 0, 2, 45, 3, 45), store.shares(tags));
    store.expire(2);
    run();
    assertEquals(Map.of(1, 0, 3, 90), store.shares(tags));
  }

  @Test
  void aDrainKeepsToTheBudgetAndSaysHowMuchIsLeft() {
    placement = new Placement(0, 10, 0);
    threeNodes(90);
    store.drain("a", false);
    assertEquals(10, plan().wantedReleases(1).size());
    assertEquals(30, placement.left());
    millis += 990;
    assertEquals(20, plan().wantedReleases(1).size());
  }

  @Test
  void aDrainedNodeIsAskedForABoundedNumberAtATime() {
    placement = new Placement(0, 1_000_000, 0);
    store.create("users", 8_000);
    store.register("a", "z1");
    store.grantAll(plan());
    store.register("b", "z2");
    store.drain("a", false);
    assertEquals(Moves.MAX_RELEASING, plan().wantedReleases(1).size());
    assertEquals(8_000, placement.left());
  }

  @Test
  void aDrainedNodeKeepsItsSectionsWhileNobodyCanTakeThem() {
    Namespace tags = store.create("tags", 8);
    store.register("a", "z1");
    run();
    store.register("b", "z2");
    store.drain("a", false);
    store.expire(2);
    run();
    assertEquals(Map.of(1, 8), store.shares(tags));
    store.register("c", "z3");
    run();
    assertEquals(Map.of(1, 0, 3, 8), store.shares(tags));
  }

  @Test
  void aDrainThatIsTakenBackGivesTheNodeItsShareAgain() {
    Namespace tags = threeNodes(90);
    store.drain("a", false);
    store.releaseSome(plan(), 5);
    store.drain("a", true);
    run();
    assertEquals(Map.of(1, 30, 2, 30, 3, 30), store.shares(tags));
  }

  @Test
  void aNewLeaderGoesOnWithADrain() {
    Namespace tags = threeNodes(30);
    store.drain("a", false);
    store.releaseSome(plan(), 5);
    placement.onLeader(millis * 1_000_000);
    run();
    assertEquals(Map.of(1, 0, 2, 15, 3, 15), store.shares(tags));
  }

  @Test
  void aMovedSectionGoesWhereItIsWantedAndStays() {
    Namespace tags = threeNodes(90);
    int section = ownedBy(tags, 1);
    store.pin(tags, section, "b");
    assertEquals(List.of(new SectionRef(tags.id(), section)), plan().wantedReleases(1));
    assertEquals(2, run(), "it moves, and another one goes the other way");
    assertEquals(2, store.owner(tags, section));
    assertEquals(Map.of(1, 30, 2, 30, 3, 30), store.shares(tags));
  }

  private int ownedBy(Namespace namespace, int incarnation) {
    for (int section = 0; section < namespace.sectionCount(); section++) {
      if (store.owner(namespace, section) == incarnation) {
        return section;
      }
    }
    throw new AssertionError(incarnation + " owns nothing");
  }

  @Test
  void whatWasMovedByHandIsNotChosenForBalance() {
    Namespace tags = threeNodes(30);
    for (int section = 0; section < 30; section++) {
      store.pin(tags, section, "b");
    }
    run();
    assertEquals(Map.of(1, 0, 2, 30, 3, 0), store.shares(tags));
    store.register("d", "z1");
    assertEquals(0, run());
    store.apply(new Command.Unpin());
    assertTrue(run() >= 22);
    for (int count : store.shares(tags).values()) {
      assertTrue(count == 7 || count == 8, store.shares(tags)::toString);
    }
  }

  @Test
  void aSectionMovedTwiceGoesToTheLastPlace() {
    Namespace tags = threeNodes(9);
    int section = ownedBy(tags, 1);
    store.pin(tags, section, "b");
    plan();
    store.pin(tags, section, "c");
    run();
    assertEquals(3, store.owner(tags, section));
    store.pin(tags, section, "a");
    plan();
    store.pin(tags, section, "c");
    assertEquals(0, run(), "it was there");
  }

  @Test
  void aMoveToANodeThatDiesIsForgotten() {
    Namespace tags = threeNodes(30);
    int section = ownedBy(tags, 1);
    store.pin(tags, section, "b");
    plan();
    store.expire(2);
    assertEquals(Orders.NONE, store.orders());
    run();
    assertEquals(Map.of(1, 15, 3, 15), store.shares(tags));
  }

  @Test
  void aSectionThatNobodyServesIsGrantedWhereItIsPinned() {
    Namespace tags = threeNodes(30);
    int section = ownedBy(tags, 1);
    store.pin(tags, section, "c");
    store.expire(1);
    store.grantAll(plan());
    assertEquals(3, store.owner(tags, section));
  }

  @Test
  void aNewLeaderGoesOnWithAMove() {
    Namespace tags = threeNodes(30);
    int section = ownedBy(tags, 1);
    store.pin(tags, section, "b");
    plan();
    placement = new Placement(0, 1_000, millis * 1_000_000);
    run();
    assertEquals(2, store.owner(tags, section));
  }
}
