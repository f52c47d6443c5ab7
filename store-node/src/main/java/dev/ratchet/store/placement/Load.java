package dev.ratchet.store.placement;

import dev.ratchet.proto.message.SectionRate;
import java.util.List;

/**
 * How busy a node says that it is. Immutable.
 *
 * @param measurement counts the node's measurements; a repeat has the same number
 * @param rate calls a second of all its sections
 * @param busiest its busiest sections, the busiest first; any other is at most as busy as the last
 */
public record Load(int measurement, long rate, List<SectionRate> busiest) {
  /** Most sections that are looked at. */
  static final int MAX_BUSIEST = 256;

  public Load {
    busiest = List.copyOf(busiest.subList(0, Math.min(busiest.size(), MAX_BUSIEST)));
  }

  /** The most that a section may be busy that is not named. */
  long bound() {
    return busiest.isEmpty() ? 0 : busiest.get(busiest.size() - 1).rate();
  }
}
