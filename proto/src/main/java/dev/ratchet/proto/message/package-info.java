/**
 * The messages of the native protocol and of the store's calls; {@code ratchet.proto} publishes the
 * first.
 */
package dev.ratchet.proto.message;
