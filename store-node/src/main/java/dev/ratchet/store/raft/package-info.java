/**
 * The replicated log. The only room that imports SOFAJRaft: the rest sees a log that takes entries
 * and a state that they are applied to.
 */
package dev.ratchet.store.raft;
