package dev.ratchet.store.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.SectionRun;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StripesTest {
  @Test
  void fewSectionsGoOneByOneAndManyInStripesUpToABound() {
    assertEquals(1, Stripes.length(1, 1));
    assertEquals(1, Stripes.length(383, 3));
    assertEquals(2, Stripes.length(384, 3));
    assertEquals(16, Stripes.length(42_950, 3));
    assertEquals(3, Stripes.length(42_950, 200));
  }

  private static int runs(FakeStore store) {
    Map<Integer, Integer> runs = new HashMap<>();
    for (SectionRun run : store.routes.since(0).runs()) {
      runs.merge(run.namespaceId(), 1, Integer::sum);
    }
    return runs.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** A node that starts reads all runs before it may serve. */
  @Test
  void theRouteTableStaysSmallThroughDeathsAndReturns() {
    FakeStore store = new FakeStore();
    Namespace users = store.create("users", 43_000);
    Placement placement = new Placement(0, 1_000_000, 0);
    for (String node : new String[] {"a", "b", "c"}) {
      store.register(node, node);
    }
    long now = carryOut(store, placement, 0);
    assertTrue(runs(store) <= 43_000 / Stripes.MAX_LENGTH + 10, "at first " + runs(store));
    for (int incarnation = 1; incarnation <= 3; incarnation++) {
      store.expire(incarnation);
      now = carryOut(store, placement, now);
      store.register("again-" + incarnation, "z");
      now = carryOut(store, placement, now);
    }
    assertTrue(runs(store) <= 43_000 / 4, "after deaths and returns " + runs(store));
    store.shares(users).values().forEach(share -> assertTrue(share >= 14_333 && share <= 14_334));
  }

  private static long carryOut(FakeStore store, Placement placement, long from) {
    long now = from;
    for (int idle = 0; idle < 50; now += 10_000_000) {
      Plan plan = placement.plan(store.routes, now);
      int done = store.grantAll(plan) + store.releaseSome(plan, Integer.MAX_VALUE);
      idle = done == 0 ? idle + 1 : 0;
    }
    return now;
  }

  @Property
  void aSpreadHasAsManyAsAskedForInOrderAndNoneTwice(
      @ForAll @IntRange(min = 1, max = 500) int size,
      @ForAll @IntRange(min = 1, max = 16) int stripe,
      @ForAll @IntRange(min = 0, max = 99) int percent,
      @ForAll @IntRange(min = 0, max = 9) int tenth) {
    Sections all = new Sections();
    for (int i = 0; i < size; i++) {
      all.add(2 * i);
    }
    int count = size * percent / 99;
    Sections picked = all.spread(count, tenth / 10.0, stripe);
    assertEquals(count, picked.size());
    for (int i = 1; i < count; i++) {
      assertTrue(picked.get(i - 1) < picked.get(i));
    }
    // Of any stretch about its part: the busy ones are not all left, and not all taken.
    int first = 0;
    while (first < count && picked.get(first) < size) {
      first++;
    }
    double half = count / 2.0;
    assertTrue(Math.abs(first - half) <= 2.0 * stripe + 1, first + " of " + count + " in front");
  }
}
