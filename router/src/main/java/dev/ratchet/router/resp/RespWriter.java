package dev.ratchet.router.resp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Collects replies as bytes, in RESP2 or RESP3, until they are taken to be sent. Used again and
 * again by one connection. Confined to the connection's event loop.
 */
final class RespWriter {
  private static final int START_BYTES = 512;

  private static final byte[] NIL_2 = {'$', '-', '1', '\r', '\n'};
  private static final byte[] NIL_3 = {'_', '\r', '\n'};

  /** Room for a type, the longest number, and a line's end. */
  private static final int NUMBER_BYTES = 1 + 20 + 2;

  private byte[] bytes = new byte[START_BYTES];
  private int length;
  private int protocol = 2;

  /** Chooses the version of what is written next: 2 or 3. */
  void setProtocol(int version) {
    protocol = version;
  }

  /** Bytes collected. */
  int length() {
    return length;
  }

  /** Takes what was collected; the buffer is the caller's. */
  ByteBuf take(ByteBufAllocator allocator) {
    ByteBuf taken = allocator.ioBuffer(length);
    taken.writeBytes(bytes, 0, length);
    clear();
    return taken;
  }

  /** Forgets what was collected, and the room for it if that is large. */
  void clear() {
    length = 0;
    if (bytes.length > 2 * RespLimits.WRITE_CHUNK_BYTES) {
      bytes = new byte[START_BYTES];
    }
  }

  /** A short text without line ends. */
  void simple(String text) {
    put((byte) '+');
    put(text.getBytes(StandardCharsets.UTF_8));
    endLine();
  }

  /** An error: prefix in capitals, a blank, and what went wrong; made one line. */
  void error(String text) {
    StringBuilder line = new StringBuilder("-");
    int end = Math.min(text.length(), RespLimits.MAX_ERROR_CHARS);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      line.append(Character.isISOControl(c) ? ' ' : c);
    }
    put(line.toString().getBytes(StandardCharsets.UTF_8));
    endLine();
  }

  void integer(long value) {
    number(':', value);
  }

  void bulk(byte[] value) {
    number('$', value.length);
    put(value);
    endLine();
  }

  void bulk(String text) {
    bulk(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A decimal number as a bulk string, as Redis keeps counters. */
  void bulk(long value) {
    bulk(Long.toString(value));
  }

  void nil() {
    put(protocol == 3 ? NIL_3 : NIL_2);
  }

  /** The head of an array; its elements follow. */
  void array(int elements) {
    number('*', elements);
  }

  /** The head of a map; keys and values follow. A flat array in RESP2. */
  void map(int entries) {
    if (protocol == 3) {
      number('%', entries);
    } else {
      number('*', 2L * entries);
    }
  }

  private void number(char type, long value) {
    if (value < 0) {
      put((type + Long.toString(value)).getBytes(StandardCharsets.US_ASCII));
      endLine();
      return;
    }
    reserve(NUMBER_BYTES);
    bytes[length++] = (byte) type;
    length += digits(value);
    int at = length;
    long left = value;
    do {
      bytes[--at] = (byte) ('0' + left % 10);
      left /= 10;
    } while (left != 0);
    endLine();
  }

  private static int digits(long value) {
    int digits = 1;
    for (long left = value / 10; left != 0; left /= 10) {
      digits++;
    }
    return digits;
  }

  private void put(byte value) {
    reserve(1);
    bytes[length++] = value;
  }

  private void put(byte[] values) {
    reserve(values.length);
    System.arraycopy(values, 0, bytes, length, values.length);
    length += values.length;
  }

  private void endLine() {
    reserve(2);
    bytes[length++] = '\r';
    bytes[length++] = '\n';
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
