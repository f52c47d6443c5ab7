/**
 * The replicated state machine: who owns each section, and how high its ceiling is. Pure: no clock,
 * random, thread or I/O, so that the same log gives the same table on every replica, byte for byte.
 */
@NullMarked
package dev.ratchet.store.state;

import org.jspecify.annotations.NullMarked;
