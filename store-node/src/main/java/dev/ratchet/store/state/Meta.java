package dev.ratchet.store.state;

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
