/** The allocation node: holds sections under a lease and issues numbers from memory. */
package dev.ratchet.alloc;
