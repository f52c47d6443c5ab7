package dev.ratchet.store.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.SectionRef;
import dev.ratchet.store.state.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is granted right behind a release. */
class HandoverTest {
  private static final int SECTIONS = 90;

  private final FakeStore store = new FakeStore();
  private final Placement placement = new Placement(0, 1_000, 0);
  private Namespace tags = Namespace.string("none", 1, 1);
  private long now;

  @BeforeEach
  void threeNodes() {
    tags = store.create("tags", SECTIONS);
    store.register("a", "z1");
    store.register("b", "z2");
    store.register("c", "z3");
    store.grantAll(plan());
    assertEquals(Plan.NONE, plan());
  }

  private Plan plan() {
    now += 10_000_000;
    return placement.plan(store.routes, now);
  }

  private List<SectionRef> ownedBy(int incarnation) {
    List<SectionRef> owned = new ArrayList<>();
    for (int section = 0; section < SECTIONS; section++) {
      if (store.owner(tags, section) == incarnation) {
        owned.add(new SectionRef(tags.id(), section));
      }
    }
    return owned;
  }

  /** Releases, and proposes what is to be right behind; how many were granted. */
  private int handOver(int incarnation, List<SectionRef> sections) {
    List<Command.Grant> grants = placement.handOver(incarnation, sections, now);
    store.release(incarnation, sections);
    return store.grantAll(new Plan(grants, Map.of()));
  }

  @Test
  void whatIsOnItsWayGoesThere() {
    store.register("d", "z1");
    Plan wanted = plan();
    int moved = 0;
    for (int giver = 1; giver <= 3; giver++) {
      List<SectionRef> given = wanted.wantedReleases(giver);
      moved += given.size();
      assertEquals(given.size(), handOver(giver, given));
    }
    assertEquals(22, moved);
    assertEquals(Map.of(1, 23, 2, 23, 3, 22, 4, 22), store.shares(tags));
    assertEquals(Plan.NONE, plan());
    assertEquals(0, placement.left());
  }

  @Test
  void whatALeavingNodeGivesBackIsSharedEvenlyOverManyReleases() {
    store.apply(new Command.Renew(1, true));
    assertEquals(Plan.NONE, plan());
    List<SectionRef> owned = ownedBy(1);
    for (SectionRef section : owned) {
      assertEquals(1, handOver(1, List.of(section)));
    }
    assertEquals(Map.of(1, 0, 2, 45, 3, 45), store.shares(tags));
    assertEquals(Plan.NONE, plan());
  }

  @Test
  void whatANodeThatStaysGivesBackUnaskedIsLeftToThePlan() {
    List<SectionRef> some = ownedBy(2).subList(0, 5);
    assertEquals(0, handOver(2, some));
    assertEquals(5, store.grantAll(plan()));
  }

  @Test
  void aSectionThatDoesNotExistIsLeftAlone() {
    store.apply(new Command.Renew(1, true));
    plan();
    List<SectionRef> odd =
        List.of(new SectionRef(tags.id(), SECTIONS), new SectionRef(tags.id() + 1, 0));
    assertEquals(List.of(), placement.handOver(1, odd, now));
  }

  @Test
  void nothingIsHandedOverBeforeAPlanOfThisTermOrWhileNothingMayBeGranted() {
    store.apply(new Command.Renew(1, true));
    plan();
    placement.onLeader(now);
    assertEquals(List.of(), placement.handOver(1, ownedBy(1), now));
    plan();
    placement.holdUntil(now + 1_000_000_000);
    plan();
    assertEquals(List.of(), placement.handOver(1, ownedBy(1), now));
  }

  /** Between the two entries the routes still name the old owner, or none. */
  @Test
  void nothingIsDecidedTwiceWhileTheTwoEntriesAreUnderWay() {
    store.register("d", "z1");
    List<SectionRef> given = plan().wantedReleases(1);
    List<Command.Grant> grants = placement.handOver(1, given, now);
    store.apply(new Command.CreateNamespace(Namespace.string("more", 1, 1)));
    Plan before = plan();
    assertEquals(List.of(), before.wantedReleases(1), "it has released them");
    store.release(1, given);
    assertEquals(List.of(), plan().grants());
    store.grantAll(new Plan(grants, Map.of()));
    assertEquals(given.size(), store.shares(tags).get(4));
  }

  @Test
  void aReleaseThatWasLostIsAskedForAgainAndAGrantThatWasLostIsRepeated() {
    store.register("d", "z1");
    List<SectionRef> given = plan().wantedReleases(1);
    placement.handOver(1, given, now);
    now += Round.GRANT_RETRY_NANOS;
    assertEquals(given, plan().wantedReleases(1));
    placement.handOver(1, given, now);
    store.release(1, given);
    assertEquals(List.of(), plan().grants());
    now += Round.GRANT_RETRY_NANOS;
    assertTrue(store.grantAll(plan()) >= given.size());
  }
}
