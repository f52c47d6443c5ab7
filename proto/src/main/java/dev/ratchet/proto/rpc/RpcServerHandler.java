package dev.ratchet.proto.rpc;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.ErrorReply;
import dev.ratchet.proto.wire.Frame;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls of one connection, dispatched by number. Confined to the connection's event loop. */
final class RpcServerHandler extends SimpleChannelInboundHandler<Frame> {
  private static final Logger LOG = LoggerFactory.getLogger(RpcServerHandler.class);

  /**
   * How long a refused caller may take to read why. Closing at once, with its bytes still unread,
   * would reset the connection and lose the answer.
   */
  private static final int LINGER_MILLIS = 1_000;

  private final RpcServer.Served served;
  private final LongSupplier routeVersion;

  RpcServerHandler(RpcServer.Served served, LongSupplier routeVersion) {
    super(Frame.class);
    this.served = served;
    this.routeVersion = routeVersion;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, Frame frame) {
    RpcServer.Table table = served.table();
    RpcServer.Route<?, ?> route = table.routes().get(frame.call());
    if (frame.type() != Frame.REQUEST) {
      refuse(context, frame, ErrorCode.PROTOCOL_ERROR, "only requests are expected here");
    } else if (route == null && !table.complete()) {
      refuse(
          context,
          frame,
          ErrorCode.UNAVAILABLE,
          "this node is still starting; try again, or ask another one");
    } else if (route == null) {
      refuse(
          context,
          frame,
          ErrorCode.UNSUPPORTED,
          "this node does not serve call " + frame.call() + "; see docs/protocol.md for who does");
    } else {
      dispatch(context, route, frame);
    }
  }

  private <Q, R> void dispatch(
      ChannelHandlerContext context, RpcServer.Route<Q, R> route, Frame frame) {
    RpcContext<R> call = new RpcContext<>(context.channel(), route.call(), frame, routeVersion);
    try {
      if (!route.quick().handle(frame.body(), call)) {
        route.handler().handle(route.call().request().decode(frame.body()), call);
      }
    } catch (RatchetException e) {
      call.fail(e);
    } catch (RuntimeException e) {
      LOG.error(
          "call {} from {} failed", route.call().name(), context.channel().remoteAddress(), e);
      call.fail(new RatchetException(ErrorCode.INTERNAL, "the node failed on this call: " + e));
    }
  }

  private void refuse(ChannelHandlerContext context, Frame frame, ErrorCode code, String why) {
    context.writeAndFlush(
        error(frame.call(), frame.correlation(), new RatchetException(code, why)));
  }

  private Frame error(int call, long correlation, RatchetException error) {
    byte[] body = ErrorReply.SCHEMA.encode(ErrorReply.of(error));
    return new Frame(call, Frame.ERROR, correlation, routeVersion.getAsLong(), body);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (!context.channel().isWritable()) {
      context.flush();
    }
    if (!context.channel().isWritable()) {
      LOG.warn(
          "closing {}: it has left {} bytes of answers unread",
          context.channel().remoteAddress(),
          RpcServer.MAX_UNREAD_BYTES);
      context.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Throwable reason = cause instanceof DecoderException ? cause.getCause() : cause;
    if (reason instanceof RatchetException known) {
      LOG.info("closing {}: {}", context.channel().remoteAddress(), known.getMessage());
      context.writeAndFlush(error(0, 0, known)).addListener(sent -> linger(context));
      return;
    }
    if (!(reason instanceof IOException)) {
      LOG.error("closing {}", context.channel().remoteAddress(), cause);
    }
    context.close();
  }

  private static void linger(ChannelHandlerContext context) {
    ((SocketChannel) context.channel()).shutdownOutput();
    context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }
}
