package dev.ratchet.store.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Who gets the next section of a namespace: who has least of it, then least of all, then whose zone
 * has least for its size. Not thread-safe.
 */
final class Receivers {
  private final Tally tally;
  private final Nodes nodes;
  private final int row;
  private final List<PriorityQueue<Integer>> zones = new ArrayList<>();
  private final Comparator<Integer> byShare;
  private final Comparator<Integer> byZoneToo;

  Receivers(Tally tally, Nodes nodes, int row) {
    this.tally = tally;
    this.nodes = nodes;
    this.row = row;
    this.byShare =
        Comparator.<Integer>comparingInt(node -> tally.count(row, node))
            .thenComparingInt(tally::total);
    this.byZoneToo =
        byShare
            .thenComparingLong(node -> tally.zoneExcess(nodes.zoneOf(node)))
            .thenComparingInt(node -> node);
    for (int zone = 0; zone < nodes.zones(); zone++) {
      zones.add(new PriorityQueue<>(byShare.thenComparingInt(node -> node)));
    }
    for (int node = 0; node < nodes.count(); node++) {
      zones.get(nodes.zoneOf(node)).add(node);
    }
  }

  /**
   * The nodes that so many sections of a namespace, which has so many in all, go to: in stripes, by
   * their place among them. They are counted.
   */
  int[] share(int count, int sections) {
    return Stripes.share(count, Stripes.length(sections, nodes.count()), this, nodes.count());
  }

  /** The node that gets one more; it is counted. There must be a node. */
  int next() {
    int best = -1;
    for (PriorityQueue<Integer> zone : zones) {
      Integer first = zone.peek();
      if (first != null && (best < 0 || byZoneToo.compare(first, best) < 0)) {
        best = first;
      }
    }
    PriorityQueue<Integer> zone = zones.get(nodes.zoneOf(best));
    zone.remove();
    tally.add(row, best);
    zone.add(best);
    return best;
  }
}
