package dev.ratchet.store.placement;

import dev.ratchet.proto.message.OwnerInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The living allocation nodes that take sections on, being neither on their way out nor suspect, in
 * the order of placement: zones take turns, so that neighbouring sections end in different zones.
 * Depends on nothing but the set of nodes. Immutable.
 */
final class Nodes {
  private final int[] incarnations;
  private final int[] sorted;
  private final int[] indexOfSorted;

  private Nodes(int[] incarnations) {
    this.incarnations = incarnations;
    this.sorted = incarnations.clone();
    Arrays.sort(sorted);
    this.indexOfSorted = new int[sorted.length];
    for (int i = 0; i < incarnations.length; i++) {
      indexOfSorted[Arrays.binarySearch(sorted, incarnations[i])] = i;
    }
  }

  static Nodes of(Collection<OwnerInfo> owners) {
    Map<String, Deque<Integer>> zones = new TreeMap<>();
    List<OwnerInfo> ordered = new ArrayList<>(owners);
    ordered.sort(Comparator.comparingInt(OwnerInfo::incarnation));
    ordered.removeIf(owner -> owner.leaving() || owner.suspect());
    for (OwnerInfo owner : ordered) {
      zones.computeIfAbsent(owner.zone(), zone -> new ArrayDeque<>()).add(owner.incarnation());
    }
    int[] incarnations = new int[ordered.size()];
    int filled = 0;
    while (filled < incarnations.length) {
      for (Deque<Integer> zone : zones.values()) {
        Integer next = zone.poll();
        if (next != null) {
          incarnations[filled++] = next;
        }
      }
    }
    return new Nodes(incarnations);
  }

  int count() {
    return incarnations.length;
  }

  int incarnation(int index) {
    return incarnations[index];
  }

  /** The index of an incarnation, or -1 if it does not live. */
  int indexOf(int incarnation) {
    int found = Arrays.binarySearch(sorted, incarnation);
    return found < 0 ? -1 : indexOfSorted[found];
  }

  /** Whether somebody is here who was not among others. */
  boolean hasNewcomers(Nodes before) {
    for (int incarnation : incarnations) {
      if (before.indexOf(incarnation) < 0) {
        return true;
      }
    }
    return false;
  }
}
