package dev.ratchet.cli.replay;

/**
 * One call that got its number.
 *
 * @param target whose number it is
 * @param called moment of the call, on a counter that orders all calls and returns of the run
 * @param returned moment of its return, on the same counter
 * @param number what it got
 */
public record Issued(int target, long called, long returned, long number) {}
