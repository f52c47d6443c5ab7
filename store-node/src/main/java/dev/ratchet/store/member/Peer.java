package dev.ratchet.store.member;

import dev.ratchet.proto.rpc.HostPort;

/**
 * Another store node of this node's configuration.
 *
 * @param node node id
 * @param rpc where it is called
 */
public record Peer(String node, HostPort rpc) {}
