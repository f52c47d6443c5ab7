package dev.ratchet.store.state;

import dev.ratchet.proto.route.RouteTable;

/**
 * What there is one of in a cluster's state. None of the counters ever goes down.
 *
 * @param cluster cluster id, so that the state of one cluster is never taken for another's
 * @param routeVersion version of the route table
 * @param lastIncarnation incarnation given out last, 0 before the first
 * @param lastNamespace namespace id given out last, 0 before the first
 * @param sections sections of all namespaces
 */
public record Meta(
    String cluster, long routeVersion, int lastIncarnation, int lastNamespace, int sections) {

  /** More versions than callers can have seen of a life that this state knows nothing of. */
  static final long ROUTE_VERSION_JUMP = 1L << 32;

  /** A version that callers take for newer, though they saw higher ones than this state knows. */
  long jumpedRouteVersion() {
    return Math.addExact(routeVersion, ROUTE_VERSION_JUMP);
  }

  /** Incarnations skipped: more than a life can have given out that this state knows nothing of. */
  static final int INCARNATION_JUMP = 1 << 16;

  /**
   * Past the incarnations that a lost life may have given out, whose holders may live. The same
   * again until one is given out, so that many calls skip no more than one; unchanged when there is
   * no room left.
   */
  Meta pastLostIncarnations() {
    int jumps = lastIncarnation / INCARNATION_JUMP;
    boolean isPast = jumps > 0 && lastIncarnation % INCARNATION_JUMP == 0;
    long next = (jumps + 2L) * INCARNATION_JUMP;
    return isPast || next >= RouteTable.MAX_INCARNATION ? this : withIncarnation((int) next);
  }

  Meta withRouteVersion(long version) {
    return new Meta(cluster, version, lastIncarnation, lastNamespace, sections);
  }

  Meta withIncarnation(int incarnation) {
    return new Meta(cluster, routeVersion, incarnation, lastNamespace, sections);
  }

  Meta withNamespace(int namespaceId, int addedSections) {
    return new Meta(
        cluster,
        routeVersion,
        lastIncarnation,
        namespaceId,
        Math.addExact(sections, addedSections));
  }
}
