/** A store node: one voter of the replicated store. */
package dev.ratchet.store;
