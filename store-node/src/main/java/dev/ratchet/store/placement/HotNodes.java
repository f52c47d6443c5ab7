package dev.ratchet.store.placement;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Says whether a node has been much busier than the others for long enough to do something about
 * it. Looks at the newest measurements at intervals of its own; a node that has not measured anew
 * since leaves the whole look without a verdict. Not thread-safe.
 *
 * <p>Hot begins at {@link #MARGIN} above the mean and what is done about it ends at {@link #CALM}
 * above it, for the receiver too: so nobody becomes hot by what is done, and loads that swing
 * within the margin cause nothing.
 */
final class HotNodes {
  /** Hot is above the mean by more than this part of it, */
  static final double MARGIN = 0.25;

  /** and by more than so many calls a second, below which no node is short of anything, */
  static final long FLOOR = 2_000;

  /** in so many looks one after the other. */
  static final int LOOKS = 3;

  /** Nobody is helped below this part above the mean, nor made busier than that. */
  static final double CALM = 0.125;

  /** Longer than a node takes to measure, so that there is a new measurement at each look. */
  static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final Map<Integer, Integer> streaks = new HashMap<>();
  private Map<Integer, Integer> seen = Map.of();
  private long lookedAt;

  HotNodes(long nowNanos) {
    lookedAt = nowNanos;
  }

  boolean isDue(long nowNanos) {
    return nowNanos - lookedAt >= LOOK_NANOS;
  }

  /** Whether somebody has now been hot for {@link #LOOKS}. */
  boolean look(Nodes nodes, Map<Integer, Load> loads, long nowNanos) {
    lookedAt = nowNanos;
    Map<Integer, Integer> before = seen;
    Map<Integer, Integer> now = new HashMap<>();
    boolean complete = nodes.count() > 1;
    long sum = 0;
    for (int node = 0; node < nodes.count(); node++) {
      int incarnation = nodes.incarnation(node);
      Load load = loads.get(incarnation);
      if (load == null) {
        complete = false;
        continue;
      }
      now.put(incarnation, load.measurement());
      complete &= !Integer.valueOf(load.measurement()).equals(before.get(incarnation));
      sum += load.rate();
    }
    seen = now;
    if (!complete) {
      streaks.clear();
      return false;
    }
    return count(nodes, loads, (double) sum / nodes.count());
  }

  private boolean count(Nodes nodes, Map<Integer, Load> loads, double mean) {
    boolean longEnough = false;
    for (int node = 0; node < nodes.count(); node++) {
      int incarnation = nodes.incarnation(node);
      Load load = loads.get(incarnation);
      if (load != null && isHot(load.rate(), mean)) {
        longEnough |= streaks.merge(incarnation, 1, Integer::sum) >= LOOKS;
      } else {
        streaks.remove(incarnation);
      }
    }
    return longEnough;
  }

  static boolean isHot(long rate, double mean) {
    return rate > mean * (1 + MARGIN) && rate - mean > FLOOR;
  }

  /** Whether this node has been hot for long enough at the last look. */
  boolean isHotForLong(int incarnation) {
    return streaks.getOrDefault(incarnation, 0) >= LOOKS;
  }

  /** Something was done: what it came to is measured before anything else is. */
  void acted() {
    streaks.clear();
  }
}
