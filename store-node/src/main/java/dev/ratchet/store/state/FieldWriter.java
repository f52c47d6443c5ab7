package dev.ratchet.store.state;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes fields one after another: unsigned varints of at most 63 bits, big-endian words, and bytes
 * behind their length. Not thread-safe.
 */
final class FieldWriter {
  private byte[] buffer;
  private int size;

  FieldWriter(int expectedBytes) {
    buffer = new byte[Math.max(expectedBytes, 16)];
  }

  FieldWriter octet(int value) {
    room(1);
    buffer[size++] = (byte) value;
    return this;
  }

  FieldWriter flag(boolean value) {
    return octet(value ? 1 : 0);
  }

  FieldWriter word(int value) {
    return octet(value >>> 24).octet(value >>> 16).octet(value >>> 8).octet(value);
  }

  FieldWriter doubleWord(long value) {
    return word((int) (value >>> 32)).word((int) value);
  }

  /** A number from 0 to 2^63 - 1. */
  FieldWriter varint(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("a number below zero has no place here: " + value);
    }
    room(9);
    long rest = value;
    while (rest >= 0x80) {
      buffer[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[size++] = (byte) rest;
    return this;
  }

  FieldWriter bytes(byte[] value) {
    varint(value.length);
    room(value.length);
    System.arraycopy(value, 0, buffer, size, value.length);
    size += value.length;
    return this;
  }

  FieldWriter text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  int size() {
    return size;
  }

  byte[] toBytes() {
    return Arrays.copyOf(buffer, size);
  }

  private void room(int bytes) {
    if (buffer.length - size < bytes) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + bytes));
    }
  }
}
