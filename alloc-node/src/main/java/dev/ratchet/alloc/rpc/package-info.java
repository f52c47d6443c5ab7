/** The door in: calls of routers and clients. */
package dev.ratchet.alloc.rpc;
