package dev.ratchet.store;

import dev.ratchet.proto.rpc.HostPort;

/**
 * A store node as every store node's configuration names it.
 *
 * @param node node id, unique in the cluster
 * @param zone what fails together
 * @param rpc where allocation nodes call it
 * @param raft where the other store nodes call it; must be private, since Raft's port knows no
 *     authentication
 */
public record Member(String node, String zone, HostPort rpc, HostPort raft) {}
