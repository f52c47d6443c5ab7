package dev.ratchet.proto.wire;

import java.util.Arrays;

/**
 * A place in bytes of the protobuf wire format. It goes past no end, whatever the bytes say; what
 * is malformed throws {@link IllegalArgumentException} that tells where. Not thread-safe.
 */
public final class WireReader {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH = 2;
  private static final int FIXED32 = 5;
  private static final int MAX_VARINT_BYTES = 10;

  private final byte[] bytes;
  private int at;
  private int end;

  /** At the first of these bytes, which are not copied. */
  public WireReader(byte[] bytes) {
    this.bytes = bytes;
    this.end = bytes.length;
  }

  /** Whether the message goes on. */
  public boolean hasMore() {
    return at < end;
  }

  /**
   * The tag of the next field, {@code number << 3 | wire type}, as {@link #varintTag} and its like
   * make them.
   */
  public int tag() {
    long tag = varint();
    if (tag >>> 32 != 0 || tag >>> 3 == 0) {
      throw wrong("no field has tag " + tag);
    }
    return (int) tag;
  }

  /** The tag of a field whose value is a varint. */
  public static int varintTag(int number) {
    return number << 3 | VARINT;
  }

  /** The tag of a field whose value takes eight bytes. */
  public static int fixed64Tag(int number) {
    return number << 3 | FIXED64;
  }

  /** The tag of a field whose value says its length: a message, text, bytes. */
  public static int lengthTag(int number) {
    return number << 3 | LENGTH;
  }

  /** A number of one to ten bytes. */
  public long varint() {
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

  /** A number of eight bytes. */
  public long fixed64() {
    pass(8);
    long value = 0;
    for (int i = at - 1; i >= at - 8; i--) {
      value = (value << 8) | (bytes[i] & 0xFF);
    }
    return value;
  }

  /** Passes a value that says its length, if it is these bytes; if not, it is still to be read. */
  public boolean isNext(byte[] expected) {
    int start = at;
    long length = varint();
    if (length == expected.length
        && length <= end - at
        && Arrays.equals(bytes, at, at + expected.length, expected, 0, expected.length)) {
      at += expected.length;
      return true;
    }
    at = start;
    return false;
  }

  /** A copy of a value that says its length. */
  public byte[] copy() {
    long length = varint();
    int from = at;
    pass(length);
    return Arrays.copyOfRange(bytes, from, at);
  }

  /**
   * Goes into a message inside this one.
   *
   * @return what {@link #leave} must be given once there is no more of it
   */
  public int enter() {
    long length = varint();
    if (length < 0 || length > end - at) {
      throw pastTheEnd(length);
    }
    int outer = end;
    end = at + (int) length;
    return outer;
  }

  /** Goes back to the message around this one. */
  public void leave(int outer) {
    end = outer;
  }

  /** Passes the value of a field. */
  void skip(int tag) {
    switch (tag & 7) {
      case VARINT -> varint();
      case FIXED64 -> pass(8);
      case FIXED32 -> pass(4);
      case LENGTH -> pass(varint());
      default -> throw wrong("wire type " + (tag & 7) + " is not used here");
    }
  }

  private void pass(long length) {
    if (length < 0 || length > end - at) {
      throw pastTheEnd(length);
    }
    at += (int) length;
  }

  private IllegalArgumentException pastTheEnd(long length) {
    return wrong("a value of " + Long.toUnsignedString(length) + " bytes goes past the end");
  }

  IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(what + ", at byte " + at);
  }
}
