/** Ceilings: raised ahead of need, and the calls that wait for one. */
package dev.ratchet.alloc.window;
