/** Sections come and go: taking grants on, and giving sections back with their positions. */
package dev.ratchet.alloc.handover;
