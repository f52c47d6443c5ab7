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
 * @param renewal how often it has been renewed; an expire names it
 */
public record Lease(
    int incarnation,
    String node,
    String zone,
    String host,
    int port,
    long process,
    int holderMillis,
    long renewal) {

  /** The holder as the route table names it. */
  public OwnerInfo toOwner() {
    return new OwnerInfo(incarnation, node, zone, host, port);
  }

  /** The lease after one more renewal. */
  Lease renewed() {
    return new Lease(
        incarnation, node, zone, host, port, process, holderMillis, Math.addExact(renewal, 1));
  }
}
