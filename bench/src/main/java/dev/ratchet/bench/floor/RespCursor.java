package dev.ratchet.bench.floor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads RESP commands in place, without an object for any. Reused for every read of an event loop.
 * Confined to one thread.
 */
final class RespCursor {
  /** {@link #next}: the rest of the bytes is no whole command. */
  static final int INCOMPLETE = 0;

  /** {@link #next}: the next number of {@link #key()} is asked for. */
  static final int INCR = 1;

  /** {@link #next}: another command; its bytes are {@link #command()}. */
  static final int OTHER = 2;

  private static final int MISSING = -1;

  private byte[] bytes = new byte[0];
  private int at;
  private int limit;
  private int start;
  private long key;

  /** Reads these bytes next, from the first up to a limit. */
  void reset(byte[] from, int length) {
    bytes = from;
    at = 0;
    limit = length;
  }

  /** Where the first byte is that belongs to no command read so far. */
  int position() {
    return at;
  }

  /** The digits that end the key of {@code INCR}, as a number. */
  long key() {
    return key;
  }

  /** The command that was read, as it came: for those that are rare. */
  String command() {
    return new String(bytes, start, at - start, StandardCharsets.US_ASCII);
  }

  /**
   * Reads a command.
   *
   * @throws IllegalStateException when the bytes are none
   */
  int next() {
    start = at;
    int words = header('*');
    boolean incr = words == 2;
    for (int word = 0; word < words; word++) {
      int length = header('$');
      if (length == MISSING || limit - at < length + 2) {
        at = start;
        return INCOMPLETE;
      }
      if (word == 0) {
        incr &= isIncr(length);
      } else if (incr) {
        key = trailingNumber(at + length);
      }
      at += length + 2;
    }
    if (words == MISSING) {
      at = start;
      return INCOMPLETE;
    }
    return incr ? INCR : OTHER;
  }

  /** The number of a line such as {@code *2\r\n}; moves past it only where it is whole. */
  private int header(char type) {
    if (at >= limit) {
      return MISSING;
    }
    if (bytes[at] != type) {
      throw new IllegalStateException("no command: " + printable());
    }
    int number = 0;
    for (int i = at + 1; i < limit - 1; i++) {
      byte digit = bytes[i];
      if (digit == '\r') {
        at = i + 2;
        return number;
      }
      number = number * 10 + (digit - '0');
    }
    return MISSING;
  }

  private String printable() {
    return new String(
        Arrays.copyOfRange(bytes, at, Math.min(limit, at + 40)), StandardCharsets.US_ASCII);
  }

  private boolean isIncr(int length) {
    return length == 4
        && (bytes[at] | 0x20) == 'i'
        && (bytes[at + 1] | 0x20) == 'n'
        && (bytes[at + 2] | 0x20) == 'c'
        && (bytes[at + 3] | 0x20) == 'r';
  }

  /** The number that the digits before {@code end} write. */
  private long trailingNumber(int end) {
    long number = 0;
    long weight = 1;
    for (int i = end - 1; i >= at && bytes[i] >= '0' && bytes[i] <= '9'; i--) {
      number += weight * (bytes[i] - '0');
      weight *= 10;
    }
    return number;
  }
}
