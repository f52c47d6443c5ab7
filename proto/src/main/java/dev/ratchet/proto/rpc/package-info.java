/** Connections and servers of the native protocol: calls out, calls in, each with bounds. */
package dev.ratchet.proto.rpc;
