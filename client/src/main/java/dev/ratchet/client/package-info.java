/**
 * The Java client, and the engine of the router: finds the owner of a key, coalesces calls to it,
 * retries what may be retried, and never lets a number of an older epoch through.
 */
package dev.ratchet.client;
