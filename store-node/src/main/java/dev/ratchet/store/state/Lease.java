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
 * @param leaving its holder gives its sections back by itself and is granted no others
 * @param drained an operator wants its sections elsewhere: it is asked for them and granted no
 *     others
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
    boolean drained,
    long renewal,
    boolean suspect) {

  /** Whether it may be granted sections. */
  public boolean takesOn() {
    return !leaving && !drained;
  }

  /** The holder as the route table names it. */
  public OwnerInfo toOwner() {
    return new OwnerInfo(incarnation, node, zone, host, port, leaving || drained, suspect);
  }

  /** The lease as an operator wants it; that is no renewal. */
  Lease withDrained(boolean wanted) {
    return new Lease(
        incarnation,
        node,
        zone,
        host,
        port,
        process,
        holderMillis,
        leaving,
        wanted,
        renewal,
        suspect);
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
        drained,
        Math.addExact(renewal, 1),
        false);
  }

  /** The lease under suspicion, until its next renewal. */
  Lease suspected() {
    return new Lease(
        incarnation,
        node,
        zone,
        host,
        port,
        process,
        holderMillis,
        leaving,
        drained,
        renewal,
        true);
  }
}
