/**
 * The router: a stateless front for callers that can't route themselves. It speaks RESP and the
 * native protocol, and forwards through the Java client.
 */
package dev.ratchet.router;
