/**
 * What happens to commands: proposed by the leader, applied by all, and the leader's own duties.
 */
package dev.ratchet.store.lead;
