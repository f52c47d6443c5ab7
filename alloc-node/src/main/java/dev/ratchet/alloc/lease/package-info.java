/** The right to serve: leases, tenures and the loop that keeps them. */
package dev.ratchet.alloc.lease;
