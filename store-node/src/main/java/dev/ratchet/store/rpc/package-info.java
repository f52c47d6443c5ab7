/** The door in: calls of allocation nodes, routers and operators to a store node. */
package dev.ratchet.store.rpc;
