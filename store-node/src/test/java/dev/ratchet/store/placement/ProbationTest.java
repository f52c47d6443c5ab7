package dev.ratchet.store.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.message.OwnerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProbationTest {
  private static final long START = Long.MAX_VALUE - 1_000_000_000L;

  private final Probation probation = new Probation();
  private final List<OwnerInfo> owners = new ArrayList<>(List.of(owner(1, "steady")));
  private int lastIncarnation = 1;

  private static long at(double seconds) {
    return START + (long) (seconds * 1e9);
  }

  private static OwnerInfo owner(int incarnation, String node) {
    return new OwnerInfo(incarnation, node, "z", "host", 1);
  }

  private void look(double seconds) {
    probation.look(owners, at(seconds));
  }

  /** A node registers, and its lease ends so much later. */
  private double live(String node, double from, double lasts) {
    owners.add(owner(++lastIncarnation, node));
    look(from);
    owners.remove(owners.size() - 1);
    look(from + lasts);
    return from + lasts;
  }

  private List<String> admitted(double seconds, Integer... pinned) {
    return probation.admitted(owners, Set.of(pinned), new Wake(at(seconds))).stream()
        .map(OwnerInfo::node)
        .toList();
  }

  /** Whether a node that registers now gets sections at once. */
  private boolean isAdmitted(String node, double seconds) {
    owners.add(owner(++lastIncarnation, node));
    look(seconds);
    boolean admitted = admitted(seconds).contains(node);
    owners.set(
        owners.size() - 1, new OwnerInfo(lastIncarnation, node, "z", "host", 1, true, false));
    look(seconds);
    owners.remove(owners.size() - 1);
    look(seconds);
    return admitted;
  }

  @Test
  void aNodeWithoutAPastIsAdmitted() {
    look(0);
    assertTrue(isAdmitted("new", 1));
    assertEquals(List.of("steady"), admitted(1));
  }

  @Test
  void aNodeThatDiesAfterALongLifeIsAdmittedWhenItReturns() {
    look(0);
    double died = live("node", 1, 10);
    assertTrue(isAdmitted("node", died + 0.1));
  }

  @Test
  void eachShortLifeInARowDoublesTheWait() {
    look(0);
    double now = 1;
    for (double wait : new double[] {5, 10, 20, 40, 60, 60}) {
      double died = live("node", now, 2.5);
      assertFalse(isAdmitted("node", died + wait - 0.01), wait + " s");
      assertTrue(isAdmitted("node", died + wait), wait + " s");
      assertTrue(isAdmitted("other", died));
      now = died + wait;
    }
  }

  @Test
  void aLongLifeForgetsTheShortOnes() {
    look(0);
    double died = live("node", 1, 1);
    assertTrue(
        probation.takeNotices().get(0).startsWith("the lease of 'node' ended 1000 ms after it"));
    assertEquals(List.of(), probation.takeNotices());
    died = live("node", died, 1);
    died = live("node", died, 10);
    assertTrue(isAdmitted("node", died));
    died = live("node", died, 1);
    assertTrue(isAdmitted("node", died + 5));
  }

  @Test
  void aNodeThatLeavesOfItsOwnAccordDoesNotWait() {
    look(0);
    assertTrue(isAdmitted("node", 1)); // and leaves at once
    assertTrue(isAdmitted("node", 1.5));
  }

  @Test
  void whoWasThereAtTheFirstLookMayHaveBeenForLong() {
    look(0);
    owners.clear();
    look(1);
    assertTrue(isAdmitted("steady", 1.5));
  }

  @Test
  void whereNobodyElseIsThereItIsAdmitted() {
    look(0);
    double died = live("node", 1, 1);
    owners.clear();
    owners.add(owner(++lastIncarnation, "node"));
    look(died);
    assertEquals(List.of("node"), admitted(died));
    // Who leaves is nobody to rely on.
    owners.add(new OwnerInfo(++lastIncarnation, "leaver", "z", "host", 1, true, false));
    look(died);
    assertEquals(List.of("node", "leaver"), admitted(died));
  }

  @Test
  void whereAnOperatorWantsSectionsItIsAdmitted() {
    look(0);
    double died = live("node", 1, 1);
    owners.add(owner(++lastIncarnation, "node"));
    look(died);
    assertEquals(List.of("steady"), admitted(died));
    assertEquals(List.of("steady", "node"), admitted(died, lastIncarnation));
  }

  @Test
  void theEndOfAWaitIsLookedAt() {
    look(0);
    double died = live("node", 1, 1);
    owners.add(owner(++lastIncarnation, "node"));
    look(died);
    Wake wake = new Wake(at(died));
    assertEquals(1, probation.admitted(owners, Set.of(), wake).size());
    assertFalse(wake.isDue(at(died + 4.99)));
    assertTrue(wake.isDue(at(died + 5)));
  }
}
