/** Strict namespaces: answers confirmed by the store. */
package dev.ratchet.alloc.barrier;
