/**
 * Floors: servers that do the least their protocol allows, and promise nothing. What is slower than
 * they are costs something; what is as fast costs nothing.
 */
package dev.ratchet.bench.floor;
