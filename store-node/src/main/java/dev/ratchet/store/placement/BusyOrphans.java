package dev.ratchet.store.placement;

import dev.ratchet.proto.message.SectionRate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which sections were busy at nodes that are gone. Somebody waits for each of them, so they are
 * granted before all the others of those nodes. Not thread-safe.
 */
final class BusyOrphans {
  private final Map<Integer, Load> newest = new HashMap<>();
  private final Map<Integer, Load> gone = new HashMap<>();

  /** By incarnation, how busy nodes say they are; who is not among them any more is remembered. */
  void measured(Map<Integer, Load> loads) {
    newest.forEach(
        (incarnation, load) -> {
          if (!loads.containsKey(incarnation)) {
            gone.put(incarnation, load);
          }
        });
    newest.clear();
    newest.putAll(loads);
  }

  /** The busy sections of those that are not among the living, the busiest first. */
  List<SectionRate> of(Nodes living) {
    List<SectionRate> busy = new ArrayList<>();
    for (Map<Integer, Load> loads : List.of(gone, newest)) {
      loads.forEach(
          (incarnation, load) -> {
            if (living.indexOf(incarnation) < 0) {
              busy.addAll(load.busiest());
            }
          });
    }
    busy.sort(
        Comparator.comparingLong(SectionRate::rate)
            .reversed()
            .thenComparingInt(SectionRate::namespaceId)
            .thenComparingInt(SectionRate::section));
    return busy;
  }

  /** All that was free is granted: what is gone is over. */
  void settled() {
    gone.clear();
  }
}
