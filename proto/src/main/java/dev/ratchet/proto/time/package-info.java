/** Clocks as arguments, so that tests and the simulator can hold them. */
package dev.ratchet.proto.time;
