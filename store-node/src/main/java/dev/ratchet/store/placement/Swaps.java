package dev.ratchet.store.placement;

import dev.ratchet.proto.message.SectionRate;
import dev.ratchet.proto.route.Route;
import dev.ratchet.proto.route.RouteTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Cools hot nodes: each busy section that goes to a quieter node is swapped for one there that is
 * nearly idle, so that no count changes and nothing that the shares want is undone. Not
 * thread-safe; used once, while nothing else is under way.
 *
 * <p>Why it comes to an end: a swap takes {@code d > 0} calls a second from a node above the mean
 * by more than {@link HotNodes#CALM} to one that stays below that line. So the receiver ends below
 * where the giver was, and the sum of squares of the loads falls by a least amount with every swap.
 * A section that is busier than the line by itself goes nowhere: its neighbours do.
 */
final class Swaps {
  /** Most swaps at a time; what they come to is measured before there are others. */
  static final int MAX_SWAPS = 16;

  /** Least part of the mean load that a swap must be worth. */
  static final double LEAST_GAIN = 0.001;

  private static final Load UNKNOWN = new Load(0, 0, List.of());

  private final RouteTable routes;
  private final Nodes nodes;
  private final List<Intents> namespaces;
  private final Tally tally;
  private final Map<Integer, Load> measured;
  private final double[] loads;
  private final double mean;
  private final List<Set<Integer>> busy = new ArrayList<>();

  Swaps(
      RouteTable routes,
      Nodes nodes,
      List<Intents> namespaces,
      Tally tally,
      Map<Integer, Load> measured) {
    this.routes = routes;
    this.nodes = nodes;
    this.namespaces = namespaces;
    this.tally = tally;
    this.measured = measured;
    this.loads = new double[nodes.count()];
    double sum = 0;
    for (int node = 0; node < loads.length; node++) {
      loads[node] = (double) load(node).rate();
      sum += loads[node];
    }
    this.mean = sum / loads.length;
    namespaces.forEach(any -> busy.add(new HashSet<>()));
    for (int node = 0; node < loads.length; node++) {
      for (SectionRate rate : load(node).busiest()) {
        int row = rowOf(rate);
        if (row >= 0) {
          busy.get(row).add(rate.section());
        }
      }
    }
  }

  private Load load(int node) {
    return measured.getOrDefault(nodes.incarnation(node), UNKNOWN);
  }

  private int rowOf(SectionRate rate) {
    for (int row = 0; row < namespaces.size(); row++) {
      if (namespaces.get(row).namespace().id() == rate.namespaceId()) {
        return rate.section() < namespaces.get(row).sections() ? row : -1;
      }
    }
    return -1;
  }

  private double line() {
    return mean * (1 + HotNodes.CALM);
  }

  /** Begins swaps as far as the budget allows; how many. */
  int begin(HotNodes hot, MoveBudget budget, long nowNanos) {
    int swaps = 0;
    for (int giver = 0; giver < loads.length; giver++) {
      if (!hot.isHotForLong(nodes.incarnation(giver))) {
        continue;
      }
      for (SectionRate rate : inOrder(giver)) {
        if (swaps == MAX_SWAPS || budget.available(nowNanos) < 2 || loads[giver] <= line()) {
          break;
        }
        if (swap(giver, rate)) {
          budget.take(2);
          swaps++;
        }
      }
    }
    return swaps;
  }

  /** First those that don't take the node below the mean, the busiest first; then the others. */
  private List<SectionRate> inOrder(int giver) {
    long excess = Math.round(loads[giver] - mean);
    List<SectionRate> order = new ArrayList<>(load(giver).busiest());
    order.sort(
        Comparator.<SectionRate, Boolean>comparing(rate -> rate.rate() > excess)
            .thenComparingLong(rate -> rate.rate() > excess ? rate.rate() : -rate.rate())
            .thenComparingInt(SectionRate::namespaceId)
            .thenComparingInt(SectionRate::section));
    return order;
  }

  private boolean swap(int giver, SectionRate rate) {
    int row = rowOf(rate);
    if (row < 0 || !isFree(row, rate.section(), giver)) {
      return false;
    }
    int receiver = quietest(giver);
    double calls = (double) rate.rate();
    double gain = calls - (double) load(receiver).bound();
    if (loads[receiver] + calls > line() || gain < mean * LEAST_GAIN) {
      return false;
    }
    for (int other = 0; other < namespaces.size(); other++) {
      int back = (row + other) % namespaces.size();
      if (back == row || keepsShares(giver, receiver, row, back)) {
        int idle = idleSection(back, receiver, rate.section());
        if (idle >= 0) {
          namespaces.get(row).move(rate.section(), nodes.incarnation(receiver));
          namespaces.get(back).move(idle, nodes.incarnation(giver));
          tally.swap(row, giver, receiver, back);
          loads[giver] -= calls;
          loads[receiver] += calls;
          return true;
        }
      }
    }
    return false;
  }

  private int quietest(int giver) {
    int quietest = giver == 0 ? 1 : 0;
    for (int node = 0; node < loads.length; node++) {
      quietest = node != giver && loads[node] < loads[quietest] ? node : quietest;
    }
    return quietest;
  }

  /** Whether sections of two namespaces can be swapped and each namespace stay as even as it is. */
  private boolean keepsShares(int giver, int receiver, int row, int back) {
    return tally.count(row, giver) == tally.count(row, receiver) + 1
        && tally.count(back, receiver) == tally.count(back, giver) + 1;
  }

  /** A section of a node that is not among the busiest, searched from a place on; -1 for none. */
  private int idleSection(int row, int holder, int from) {
    int sections = namespaces.get(row).sections();
    for (int i = 0; i < sections; i++) {
      int section = (from + i) % sections;
      if (!busy.get(row).contains(section) && isFree(row, section, holder)) {
        return section;
      }
    }
    return -1;
  }

  /** Whether a node has the section, and neither an operator nor a move under way claims it. */
  private boolean isFree(int row, int section, int holder) {
    Intents intents = namespaces.get(row);
    Route route = routes.route(intents.namespace().id(), section);
    return route != null
        && route.owner() != null
        && route.owner().incarnation() == nodes.incarnation(holder)
        && intents.receiver(section) == 0
        && nodes.indexOf(intents.pinOf(section)) < 0;
  }
}
