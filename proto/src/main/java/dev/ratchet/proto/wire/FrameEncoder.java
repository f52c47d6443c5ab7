package dev.ratchet.proto.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToByteEncoder;

/** Writes {@link Frame}s. Stateless. */
@Sharable
public final class FrameEncoder extends MessageToByteEncoder<Frame> {
  public static final FrameEncoder INSTANCE = new FrameEncoder();

  private FrameEncoder() {
    super(Frame.class);
  }

  @Override
  protected ByteBuf allocateBuffer(ChannelHandlerContext context, Frame frame, boolean direct) {
    return context.alloc().ioBuffer(4 + Frame.HEADER_BYTES + frame.body().length);
  }

  @Override
  protected void encode(ChannelHandlerContext context, Frame frame, ByteBuf out) {
    out.writeInt(Frame.HEADER_BYTES + frame.body().length);
    out.writeByte(Frame.VERSION);
    out.writeByte(frame.call());
    out.writeByte(frame.type());
    out.writeByte(0);
    out.writeLong(frame.correlation());
    out.writeLong(frame.routeVersion());
    out.writeBytes(frame.body());
  }
}
