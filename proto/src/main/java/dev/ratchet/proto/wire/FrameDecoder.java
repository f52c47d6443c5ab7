package dev.ratchet.proto.wire;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Reads {@link Frame}s up to a bound. A frame that is too long or of another version throws {@link
 * RatchetException} before its body is buffered; after that nothing more is read, since frame
 * borders are lost.
 */
public final class FrameDecoder extends ByteToMessageDecoder {
  private final int maxBytes;
  private boolean broken;

  /** {@code maxBytes}: largest value of the length field that is accepted. */
  public FrameDecoder(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (broken) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (in.readableBytes() < 5) {
      return;
    }
    int start = in.readerIndex();
    int length = in.getInt(start);
    int version = in.getUnsignedByte(start + 4);
    if (version != Frame.VERSION) {
      throw fail(
          ErrorCode.PROTOCOL_ERROR,
          "these bytes are no frame of protocol version "
              + Frame.VERSION
              + " (found "
              + version
              + ")");
    }
    if (length < Frame.HEADER_BYTES) {
      throw fail(
          ErrorCode.PROTOCOL_ERROR,
          "a frame has at least " + Frame.HEADER_BYTES + " bytes, this one says " + length);
    }
    if (length > maxBytes) {
      throw fail(
          ErrorCode.FRAME_TOO_LARGE,
          "the frame has " + length + " bytes; the limit is " + maxBytes);
    }
    if (in.readableBytes() < 4 + length) {
      return;
    }
    in.skipBytes(5);
    int call = in.readUnsignedByte();
    int type = in.readUnsignedByte();
    in.skipBytes(1);
    long correlation = in.readLong();
    long routeVersion = in.readLong();
    byte[] body = new byte[length - Frame.HEADER_BYTES];
    in.readBytes(body);
    out.add(new Frame(call, type, correlation, routeVersion, body));
  }

  private RatchetException fail(ErrorCode code, String message) {
    broken = true;
    return new RatchetException(code, message);
  }
}
