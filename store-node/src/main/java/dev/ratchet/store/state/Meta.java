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

  Meta nextRouteVersion() {
    return new Meta(
        cluster, Math.addExact(routeVersion, 1), lastIncarnation, lastNamespace, sections);
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
