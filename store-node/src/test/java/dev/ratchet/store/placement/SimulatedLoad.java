package dev.ratchet.store.placement;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.message.SectionRate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sections with rates, and what their owners would measure and report of them. */
final class SimulatedLoad {
  /** As allocation nodes do. */
  private static final int BUSIEST = 64;

  private final FakeStore store;
  private final Map<Namespace, long[]> rates = new HashMap<>();
  private int measurement;

  SimulatedLoad(FakeStore store) {
    this.store = store;
  }

  void set(Namespace namespace, int section, long rate) {
    rates.computeIfAbsent(namespace, any -> new long[namespace.sectionCount()])[section] = rate;
  }

  long rate(Namespace namespace, int section) {
    long[] known = rates.get(namespace);
    return known == null ? 0 : known[section];
  }

  /** A new measurement of every node. */
  Map<Integer, Load> measure() {
    measurement++;
    Map<Integer, List<SectionRate>> sections = new TreeMap<>();
    store.routes.owners().forEach(owner -> sections.put(owner.incarnation(), new ArrayList<>()));
    rates.forEach(
        (namespace, each) -> {
          for (int section = 0; section < each.length; section++) {
            List<SectionRate> of = sections.get(store.owner(namespace, section));
            if (of != null && each[section] > 0) {
              of.add(new SectionRate(namespace.id(), section, each[section]));
            }
          }
        });
    Map<Integer, Load> loads = new HashMap<>();
    sections.forEach(
        (node, of) -> {
          of.sort(Comparator.comparingLong(SectionRate::rate).reversed());
          long sum = of.stream().mapToLong(SectionRate::rate).sum();
          loads.put(node, new Load(measurement, sum, of.subList(0, Math.min(BUSIEST, of.size()))));
        });
    return loads;
  }

  /** Calls a second of the busiest node. */
  long most() {
    return measure().values().stream().mapToLong(Load::rate).max().orElse(0);
  }

  /** Mean of the living nodes. */
  double mean() {
    return measure().values().stream().mapToLong(Load::rate).average().orElse(0);
  }

  long of(OwnerInfo node) {
    return measure().getOrDefault(node.incarnation(), new Load(0, 0, List.of())).rate();
  }
}
