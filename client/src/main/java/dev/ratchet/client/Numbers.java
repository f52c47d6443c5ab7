package dev.ratchet.client;

/**
 * Numbers taken for a key: {@code first … first + count - 1}, yours alone.
 *
 * @param first the first of them
 * @param count how many
 * @param epoch epoch of the key's section under which they were issued
 */
public record Numbers(long first, int count, long epoch) {
  /** The last of them. */
  public long last() {
    return first + count - 1;
  }
}
