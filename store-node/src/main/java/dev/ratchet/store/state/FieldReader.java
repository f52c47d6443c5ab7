package dev.ratchet.store.state;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link FieldWriter} wrote, and nothing else: every field has bounds, and only the
 * shortest form of a number is accepted. Throws {@link UndecodableEntryException}. Not thread-safe.
 */
final class FieldReader {
  private final byte[] bytes;
  private final int end;
  private int at;

  /** Reads the bytes from one position up to another. */
  FieldReader(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  int octet() {
    need(1);
    return bytes[at++] & 0xFF;
  }

  boolean flag() {
    int value = octet();
    if (value > 1) {
      throw wrong("a flag is " + value);
    }
    return value == 1;
  }

  int word() {
    return octet() << 24 | octet() << 16 | octet() << 8 | octet();
  }

  long doubleWord() {
    return (long) word() << 32 | Integer.toUnsignedLong(word());
  }

  /** A number from 0 to 2^63 - 1. */
  long varint() {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      int octet = octet();
      value |= (long) (octet & 0x7F) << shift;
      if (octet < 0x80) {
        if (octet == 0 && shift > 0) {
          throw wrong("a number is not in its shortest form");
        }
        return value;
      }
    }
    throw wrong("a number has more than 63 bits");
  }

  /** A number within bounds, both included. */
  long varint(long min, long max) {
    long value = varint();
    if (value < min || value > max) {
      throw wrong("the number " + value + " is not within " + min + " to " + max);
    }
    return value;
  }

  /** A number from 0 to a bound, which is included. */
  int count(int max) {
    return (int) varint(0, max);
  }

  /** Bytes behind their length, at most {@code max} of them. */
  byte[] bytes(int max) {
    int length = count(max);
    need(length);
    byte[] value = new byte[length];
    System.arraycopy(bytes, at, value, 0, length);
    at += length;
    return value;
  }

  /** UTF-8 text of at most {@code max} bytes. */
  String text(int max) {
    byte[] value = bytes(max);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
    } catch (CharacterCodingException e) {
      throw new UndecodableEntryException("a text at byte " + at + " is not UTF-8", e);
    }
  }

  /** Holds that nothing is left over. */
  void end() {
    if (at != end) {
      throw wrong((end - at) + " bytes are left over");
    }
  }

  private void need(int count) {
    if (end - at < count) {
      throw wrong("the bytes end " + (count - (end - at)) + " too early");
    }
  }

  private UndecodableEntryException wrong(String what) {
    return new UndecodableEntryException(what + ", at byte " + at + " of " + end);
  }
}
