package dev.ratchet.router.resp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads commands: arrays of bulk strings, or plain lines. Each length is checked before the bytes
 * it announces are waited for, so a connection holds at most one command of {@link
 * RespLimits#MAX_COMMAND_BYTES}. After a fault it reads nothing more, since command borders are
 * lost. A command that comes in pieces costs no more than one that comes whole: arguments read are
 * kept, and a search for a line's end goes on where it stopped.
 */
final class RespDecoder extends ByteToMessageDecoder {
  private List<byte[]> words = new ArrayList<>();
  private int wordsLeft;
  private int bulkLength = -1;
  private int commandBytes;
  private int searched;
  private boolean broken;
  private final @Nullable ShortWay shortWay;

  /** {@code shortWay}: asked first, at the start of a command. */
  RespDecoder(@Nullable ShortWay shortWay) {
    this.shortWay = shortWay;
  }

  /** Bytes that are no command. */
  private static final class FaultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FaultException(String reason) {
      super(reason, null, false, false);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (broken) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (shortWay != null && wordsLeft == 0 && searched == 0) {
      int before = in.readerIndex();
      boolean waits = shortWay.serve(in);
      if (in.readerIndex() != before) {
        out.add(RespRequest.SERVED);
      }
      if (waits) {
        return;
      }
    }
    try {
      RespRequest.Command command = wordsLeft > 0 ? readWords(in) : readStart(in);
      if (command != null) {
        out.add(command);
      }
    } catch (FaultException e) {
      broken = true;
      words.clear();
      in.skipBytes(in.readableBytes());
      out.add(new RespRequest.Fault(String.valueOf(e.getMessage())));
    }
  }

  private RespRequest.@Nullable Command readStart(ByteBuf in) {
    if (in.getByte(in.readerIndex()) != '*') {
      return readInline(in);
    }
    byte[] line = readLine(in, RespLimits.MAX_HEADER_BYTES, "too big mbulk count string");
    if (line == null) {
      return null;
    }
    long count = number(line, "invalid multibulk length");
    if (count > RespLimits.MAX_ARGS) {
      throw new FaultException("invalid multibulk length");
    }
    if (count <= 0) {
      return null;
    }
    wordsLeft = (int) count;
    commandBytes = 0;
    return readWords(in);
  }

  private RespRequest.@Nullable Command readWords(ByteBuf in) {
    while (wordsLeft > 0) {
      if (bulkLength < 0 && !readBulkLength(in)) {
        return null;
      }
      if (in.readableBytes() < bulkLength + 2) {
        return null;
      }
      byte[] word = new byte[bulkLength];
      in.readBytes(word);
      if (in.readByte() != '\r' || in.readByte() != '\n') {
        throw new FaultException("expected CRLF after a bulk string");
      }
      words.add(word);
      bulkLength = -1;
      wordsLeft--;
    }
    return takeWords();
  }

  private boolean readBulkLength(ByteBuf in) {
    if (!in.isReadable()) {
      return false;
    }
    byte type = in.getByte(in.readerIndex());
    if (type != '$') {
      throw new FaultException("expected '$', got '" + printable(type) + "'");
    }
    byte[] line = readLine(in, RespLimits.MAX_HEADER_BYTES, "too big bulk count string");
    if (line == null) {
      return false;
    }
    long length = number(line, "invalid bulk length");
    if (length < 0 || length > RespLimits.MAX_BULK_BYTES) {
      throw new FaultException("invalid bulk length");
    }
    commandBytes += (int) length;
    if (commandBytes > RespLimits.MAX_COMMAND_BYTES) {
      throw new FaultException("too big command");
    }
    bulkLength = (int) length;
    return true;
  }

  private static char printable(byte value) {
    return value >= ' ' && value < 0x7f ? (char) value : '?';
  }

  private RespRequest.@Nullable Command readInline(ByteBuf in) {
    byte[] line = readLine(in, RespLimits.MAX_INLINE_BYTES, "too big inline request");
    if (line == null) {
      return null;
    }
    List<byte[]> split = InlineWords.split(line);
    if (split == null) {
      throw new FaultException("unbalanced quotes in request");
    }
    words.addAll(split);
    return words.isEmpty() ? null : takeWords();
  }

  private RespRequest.Command takeWords() {
    RespRequest.Command command = new RespRequest.Command(words);
    words = new ArrayList<>();
    return command;
  }

  /** The next line without its end, or null while that has not come. */
  private byte @Nullable [] readLine(ByteBuf in, int max, String tooLong) {
    int from = in.readerIndex() + searched;
    int end = in.indexOf(from, in.writerIndex(), (byte) '\n');
    if (end < 0) {
      searched = in.readableBytes();
      if (searched > max) {
        throw new FaultException(tooLong);
      }
      return null;
    }
    searched = 0;
    int length = end - in.readerIndex();
    if (length > max) {
      throw new FaultException(tooLong);
    }
    byte[] line = new byte[length];
    in.readBytes(line);
    in.skipBytes(1);
    return line;
  }

  /** The number of a line such as {@code *3\r}; -1 is the only one below zero. */
  private static long number(byte[] line, String fault) {
    int end = line.length - 1;
    if (end < 2 || end > 12 || line[end] != '\r') {
      throw new FaultException(fault);
    }
    if (end == 3 && line[1] == '-' && line[2] == '1') {
      return -1;
    }
    long value = 0;
    for (int i = 1; i < end; i++) {
      int digit = line[i] - '0';
      if (digit < 0 || digit > 9) {
        throw new FaultException(fault);
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
