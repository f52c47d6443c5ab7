/** The door out: calls to the store's leader. */
package dev.ratchet.alloc.store;
