package dev.ratchet.proto.wire;

import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;

/**
 * Writes bytes of the protobuf wire format, message after message, into a buffer that it keeps. By
 * proto3's rules a field that is 0 is left out. Not thread-safe.
 */
public final class WireWriter {
  /** What a buffer may have grown to and still be kept. */
  private static final int KEPT_BYTES = 64 << 10;

  private static final FastThreadLocal<WireWriter> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected WireWriter initialValue() {
          return new WireWriter();
        }
      };

  private byte[] bytes = new byte[512];
  private int at;

  /** The one that this thread keeps; what is written must be taken before anyone else's turn. */
  public static WireWriter ofThread() {
    WireWriter own = OF_THREAD.get();
    // What a failure left behind.
    own.at = 0;
    return own;
  }

  /** A number field of one to ten bytes. */
  public void varint(int number, long value) {
    if (value != 0) {
      room();
      raw(WireReader.varintTag(number));
      raw(value);
    }
  }

  /** A number field of eight bytes. */
  public void fixed64(int number, long value) {
    if (value != 0) {
      room();
      raw(WireReader.fixed64Tag(number));
      long rest = value;
      for (int i = 0; i < 8; i++) {
        bytes[at++] = (byte) rest;
        rest >>>= 8;
      }
    }
  }

  /** A field of bytes. */
  public void bytes(int number, byte[] value) {
    if (value.length > 0) {
      room();
      raw(WireReader.lengthTag(number));
      raw(value.length);
      room(value.length);
      System.arraycopy(value, 0, bytes, at, value.length);
      at += value.length;
    }
  }

  /**
   * Begins a message inside this one.
   *
   * @return what {@link #end} must be given
   */
  public int begin(int number) {
    room();
    raw(WireReader.lengthTag(number));
    // For its length, which nearly always takes one byte.
    return ++at;
  }

  /** Ends a message that was begun. */
  public void end(int begun) {
    int length = at - begun;
    int more = 0;
    for (int rest = length >>> 7; rest != 0; rest >>>= 7) {
      more++;
    }
    if (more > 0) {
      room(more);
      System.arraycopy(bytes, begun, bytes, begun + more, length);
    }
    at = begun - 1;
    raw(length);
    at += length;
  }

  /** What was written since this was asked last. */
  public byte[] take() {
    byte[] taken = Arrays.copyOf(bytes, at);
    at = 0;
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[KEPT_BYTES];
    }
    return taken;
  }

  private void raw(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[at++] = (byte) rest;
  }

  /** Room for a tag and a number, or two. */
  private void room() {
    room(20);
  }

  private void room(int more) {
    if (bytes.length - at < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, at + more));
    }
  }
}
