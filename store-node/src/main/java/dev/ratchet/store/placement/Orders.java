package dev.ratchet.store.placement;

import dev.ratchet.store.state.Lease;
import dev.ratchet.store.state.Pin;
import dev.ratchet.store.state.StateReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What operators want of placement, as the state has it. Immutable.
 *
 * @param drained incarnations whose sections are to go elsewhere
 * @param pins sections that are to be, and stay, at an incarnation
 */
public record Orders(Set<Integer> drained, List<Pin> pins) {
  /** Nothing is asked for. */
  public static final Orders NONE = new Orders(Set.of(), List.of());

  public Orders {
    drained = Set.copyOf(drained);
    pins = List.copyOf(pins);
  }

  /** The orders that stand. A node that shuts down gives its sections back by itself. */
  public static Orders of(StateReader reader) {
    return new Orders(
        reader.leases().stream()
            .filter(lease -> lease.drained() && !lease.leaving())
            .map(Lease::incarnation)
            .collect(Collectors.toSet()),
        reader.pins());
  }

  /** Incarnations that sections are pinned to. */
  Set<Integer> pinnedTo() {
    return pins.stream().map(Pin::incarnation).collect(Collectors.toSet());
  }

  /** By namespace and section, where it is pinned to. */
  Map<Integer, Map<Integer, Integer>> pinsByNamespace() {
    Map<Integer, Map<Integer, Integer>> byNamespace = new TreeMap<>();
    for (Pin pin : pins) {
      byNamespace
          .computeIfAbsent(pin.namespaceId(), id -> new HashMap<>())
          .put(pin.section(), pin.incarnation());
    }
    return byNamespace;
  }
}
