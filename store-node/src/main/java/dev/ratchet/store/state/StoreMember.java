package dev.ratchet.store.state;

import dev.ratchet.proto.rpc.HostPort;

/**
 * A store node as the cluster has recorded it.
 *
 * @param node node id, unique in the cluster
 * @param zone what fails together
 * @param rpc where it is called
 * @param raft where the other store nodes call it
 * @param disk id of the disk it keeps its votes and log on: another disk is another member
 */
public record StoreMember(String node, String zone, HostPort rpc, HostPort raft, String disk) {}
