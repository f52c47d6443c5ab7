package dev.ratchet.client;

/**
 * The last number issued for a key.
 *
 * @param value the number; 0 when none was ever issued
 * @param upperBound the value is not exact but a bound at or above the last number: after a crash,
 *     until the key's next number
 * @param epoch epoch of the key's section that answered
 */
public record Current(long value, boolean upperBound, long epoch) {}
