package dev.ratchet.store.placement;

import dev.ratchet.proto.message.SectionRef;
import dev.ratchet.store.state.Command;
import java.util.List;
import java.util.Map;

/**
 * What the leader should do. Immutable.
 *
 * @param grants commands to propose, new with this plan
 * @param wantedReleases by incarnation, all the sections it should release now; owners are told
 *     again until they did, so only the newest plan counts
 */
public record Plan(List<Command.Grant> grants, Map<Integer, List<SectionRef>> wantedReleases) {
  /** Nothing to do. */
  public static final Plan NONE = new Plan(List.of(), Map.of());

  public Plan {
    grants = List.copyOf(grants);
    wantedReleases = Map.copyOf(wantedReleases);
  }

  /** How many sections owners should release now. */
  int wantedSections() {
    return wantedReleases.values().stream().mapToInt(List::size).sum();
  }

  /** The sections that an incarnation should release now. */
  public List<SectionRef> wantedReleases(int incarnation) {
    return wantedReleases.getOrDefault(incarnation, List.of());
  }
}
