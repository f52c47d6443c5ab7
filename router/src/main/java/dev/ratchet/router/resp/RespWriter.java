package dev.ratchet.router.resp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/**
 * Writes values in RESP2 or RESP3. Confined to the connection's event loop; the buffer is the
 * caller's.
 */
final class RespWriter {
  private final ByteBuf out;
  private final int protocol;

  /** {@code protocol}: 2 or 3. */
  RespWriter(ByteBuf out, int protocol) {
    this.out = out;
    this.protocol = protocol;
  }

  /** A short text without line ends. */
  void simple(String text) {
    out.writeByte('+');
    out.writeCharSequence(text, StandardCharsets.US_ASCII);
    crlf();
  }

  /** An error: prefix in capitals, a blank, and what went wrong; made one line. */
  void error(String text) {
    out.writeByte('-');
    StringBuilder line = new StringBuilder();
    int length = Math.min(text.length(), RespLimits.MAX_ERROR_CHARS);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      line.append(Character.isISOControl(c) ? ' ' : c);
    }
    ByteBufUtil.writeUtf8(out, line);
    crlf();
  }

  void integer(long value) {
    out.writeByte(':');
    decimal(value);
    crlf();
  }

  void bulk(byte[] bytes) {
    out.writeByte('$');
    decimal(bytes.length);
    crlf();
    out.writeBytes(bytes);
    crlf();
  }

  void bulk(String text) {
    bulk(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A decimal number as a bulk string, as Redis keeps counters. */
  void bulk(long value) {
    out.writeByte('$');
    decimal(value < 0 ? 1 + digits(-value) : digits(value));
    crlf();
    decimal(value);
    crlf();
  }

  void nil() {
    out.writeCharSequence(protocol == 3 ? "_\r\n" : "$-1\r\n", StandardCharsets.US_ASCII);
  }

  /** The head of an array; its elements follow. */
  void array(int elements) {
    head('*', elements);
  }

  /** The head of a map; keys and values follow. A flat array in RESP2. */
  void map(int entries) {
    if (protocol == 3) {
      head('%', entries);
    } else {
      head('*', entries * 2);
    }
  }

  private void head(char type, int elements) {
    out.writeByte(type);
    decimal(elements);
    crlf();
  }

  private void crlf() {
    out.writeShort('\r' << 8 | '\n');
  }

  private void decimal(long value) {
    if (value == Long.MIN_VALUE) {
      out.writeCharSequence(Long.toString(value), StandardCharsets.US_ASCII);
      return;
    }
    long left = value;
    if (value < 0) {
      out.writeByte('-');
      left = -value;
    }
    int length = digits(left);
    out.ensureWritable(length);
    int at = out.writerIndex() + length;
    out.writerIndex(at);
    do {
      out.setByte(--at, (int) ('0' + left % 10));
      left /= 10;
    } while (left != 0);
  }

  private static int digits(long value) {
    int digits = 1;
    for (long left = value / 10; left != 0; left /= 10) {
      digits++;
    }
    return digits;
  }
}
