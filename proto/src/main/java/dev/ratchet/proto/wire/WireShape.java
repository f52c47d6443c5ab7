package dev.ratchet.proto.wire;

import org.jspecify.annotations.Nullable;

/**
 * Checks that bytes are laid out as a schema says, before they are read: Protostuff's reader
 * believes every length, follows groups without end and reads a known field by its declared type
 * whatever its wire type is. After this check a read allocates no more than the bytes it is given,
 * and nests no deeper than the schema. Groups, which proto3 has not, are refused.
 */
final class WireShape {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH = 2;
  private static final int FIXED32 = 5;
  private static final int MAX_VARINT_BYTES = 10;

  private final byte[] bytes;
  private int at;

  private WireShape(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Throws {@link IllegalArgumentException} that says where the bytes go wrong. */
  static void check(byte[] bytes, Adapters.Reader message) {
    new WireShape(bytes).message(message, bytes.length);
  }

  private void message(Adapters.Reader message, int end) {
    while (at < end) {
      long tag = varint(end);
      int number = (int) (tag >>> 3);
      int wireType = (int) (tag & 7);
      if (number == 0 || tag >>> 32 != 0) {
        throw wrong("no field has tag " + tag);
      }
      Field<?> field = message.field(number);
      if (field != null && field.wireType() != wireType) {
        throw wrong("field " + field.name() + " has wire type " + wireType);
      }
      value(field, wireType, end);
    }
  }

  private void value(@Nullable Field<?> field, int wireType, int end) {
    switch (wireType) {
      case VARINT -> varint(end);
      case FIXED64 -> skip(8, end);
      case FIXED32 -> skip(4, end);
      case LENGTH -> {
        long length = varint(end);
        if (field != null && field.element() != null && length >= 0 && length <= end - at) {
          message(field.element(), at + (int) length);
        } else {
          skip(length, end);
        }
      }
      default -> throw wrong("wire type " + wireType + " is not used here");
    }
  }

  private void skip(long length, int end) {
    if (length < 0 || length > end - at) {
      throw wrong("a value of " + Long.toUnsignedString(length) + " bytes goes past the end");
    }
    at += (int) length;
  }

  private long varint(int end) {
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES && at < end; i++) {
      byte next = bytes[at++];
      value |= (long) (next & 0x7F) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw wrong("a number has no end");
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(what + ", at byte " + at);
  }
}
