package dev.ratchet.store.placement;

import java.util.Arrays;

/**
 * Neighbouring sections of a large namespace go to one node together, a few at a time: a route
 * table, its changes and the entries behind them name runs of sections, and a table of 43,000 runs
 * keeps a node that has just started busy for longer than its lease. Short enough that every node
 * has some of any busy stretch.
 */
final class Stripes {
  /** Longest stripe, in sections. */
  static final int MAX_LENGTH = 16;

  /** A node has so many stripes before they become longer than one section. */
  static final int LEAST_PER_NODE = 64;

  private Stripes() {}

  /** How long stripes are where so many sections are shared by so many nodes, both at least 1. */
  static int length(int sections, int nodes) {
    long each = (long) nodes * LEAST_PER_NODE;
    return (int) Math.max(1, Math.min(MAX_LENGTH, sections / each));
  }

  /**
   * The receivers of so many sections, by their place among them: each as often as it is next, and
   * in stripes.
   */
  static int[] share(int count, int length, Receivers receivers, int nodes) {
    int[] due = new int[nodes];
    int[] shared = new int[count];
    for (int i = 0; i < count; i++) {
      shared[i] = receivers.next();
      due[shared[i]]++;
    }
    return length == 1 ? shared : arrange(due, count, length);
  }

  private static int[] arrange(int[] due, int count, int length) {
    int[] shared = new int[count];
    int node = 0;
    for (int from = 0; from < count; node = (node + 1) % due.length) {
      int taken = Math.min(due[node], length);
      Arrays.fill(shared, from, from + taken, node);
      due[node] -= taken;
      from += taken;
    }
    return shared;
  }
}
