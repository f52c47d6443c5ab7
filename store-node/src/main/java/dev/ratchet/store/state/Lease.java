package dev.ratchet.store.state;

import dev.ratchet.proto.message.OwnerInfo;

/**
 * A living lease: an incarnation's right to serve.
 *
 * @param incarnation its number, unique in the cluster, from 1
 * @param node node id
 * @param zone zone of the node
 * @param host host of the node's native port
 * @param port native port
 * @param process random number of this life of the process
 * @param holderMillis how long the holder counts the lease from before it sent a renewal
 * @param leaving its holder gives its sections back and is granted no others
 * @param renewal how often it has been renewed; an expire names it
 * @param suspect its holder's connection broke and it was not heard of since: sections of strict
 *     namespaces go to others at once
 */
public record Lease(
    int incarnation,
    String node,
    String zone,
    String host,
    int port,
    long process,
    int holderMillis,
    boolean leaving,
    long renewal,
    boolean suspect) {

  /** The holder as the route table names it. */
  public OwnerInfo toOwner() {
    return new OwnerInfo(incarnation, node, zone, host, port, leaving, suspect);
  }

  /**
   * The lease after one more renewal; {@code leave}: whether its holder now says that it leaves.
   */
  Lease renewed(boolean leave) {
    return new Lease(
        incarnation,
        node,
        zone,
        host,
        port,
        process,
        holderMillis,
        leaving || leave,
        Math.addExact(renewal, 1),
        false);
  }

  /** The lease under suspicion, until its next renewal. */
  Lease suspected() {
    return new Lease(
        incarnation, node, zone, host, port, process, holderMillis, leaving, renewal, true);
  }
}
