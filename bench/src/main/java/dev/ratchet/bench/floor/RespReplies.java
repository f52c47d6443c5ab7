package dev.ratchet.bench.floor;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Collects the replies of one read, as bytes. Confined to one thread. */
final class RespReplies {
  private static final int START_BYTES = 512;

  /** A type, the longest number, and a line's end. */
  private static final int NUMBER_BYTES = 1 + 19 + 2;

  private byte[] bytes = new byte[START_BYTES];
  private int length;

  int length() {
    return length;
  }

  /** Takes what was collected; the buffer is the caller's. */
  ByteBuf take(ByteBufAllocator allocator) {
    ByteBuf taken = allocator.ioBuffer(length);
    taken.writeBytes(bytes, 0, length);
    length = 0;
    return taken;
  }

  /** A number above zero. */
  void integer(long value) {
    reserve(NUMBER_BYTES);
    int digits = 1;
    for (long left = value / 10; left != 0; left /= 10) {
      digits++;
    }
    bytes[length] = ':';
    int end = length + 1 + digits;
    int at = end;
    for (long left = value; at > length + 1; left /= 10) {
      bytes[--at] = (byte) ('0' + left % 10);
    }
    bytes[end] = '\r';
    bytes[end + 1] = '\n';
    length = end + 2;
  }

  /** A reply as it is sent. */
  void raw(String text) {
    byte[] reply = text.getBytes(StandardCharsets.US_ASCII);
    reserve(reply.length);
    System.arraycopy(reply, 0, bytes, length, reply.length);
    length += reply.length;
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
