package dev.ratchet.proto.rpc;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.ErrorReply;
import dev.ratchet.proto.wire.Frame;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call being served: answer it exactly once, from any thread. */
public final class RpcContext<R> implements Answer<R> {
  private static final Logger LOG = LoggerFactory.getLogger(RpcContext.class);

  private final Channel channel;
  private final Call<?, R> call;
  private final Frame request;
  private final LongSupplier routeVersion;

  RpcContext(Channel channel, Call<?, R> call, Frame request, LongSupplier routeVersion) {
    this.channel = channel;
    this.call = call;
    this.request = request;
    this.routeVersion = routeVersion;
  }

  @Override
  public long callerRouteVersion() {
    return request.routeVersion();
  }

  /** Stands for the connection that the call arrived on; compared by identity. */
  public Object connection() {
    return channel;
  }

  /** Runs an action on the event loop once the connection is closed, or now if it is. */
  public void onDisconnect(Runnable action) {
    channel.closeFuture().addListener(closed -> action.run());
  }

  /** The event loop that the call arrived on. */
  public EventLoop eventLoop() {
    return channel.eventLoop();
  }

  @Override
  public void reply(R reply) {
    replyEncoded(call.reply().encode(reply));
  }

  @Override
  public void replyEncoded(byte[] body) {
    if (body.length > Limits.MAX_REPLY_BYTES - Frame.HEADER_BYTES) {
      // The caller would take it for garbage and drop the connection with all that waits on it.
      String what = "the answer has " + body.length + " bytes; no caller reads so much";
      failWith(new RatchetException(ErrorCode.INTERNAL, what));
      return;
    }
    send(Frame.REPLY, body);
  }

  @Override
  public void fail(RatchetException error) {
    send(Frame.ERROR, ErrorReply.SCHEMA.encode(ErrorReply.of(error)));
  }

  /** Answers with what the stage becomes. */
  public void answer(CompletionStage<R> stage) {
    var unused =
        stage.handle(
            (reply, failure) -> {
              if (failure != null) {
                failWith(failure);
              } else {
                replyOrFail(reply);
              }
              return null;
            });
  }

  private void replyOrFail(R reply) {
    try {
      reply(reply);
    } catch (RuntimeException e) {
      // A reply that can't be encoded is a fault of this node; the caller must not wait for it.
      failWith(e);
    }
  }

  private void failWith(Throwable failure) {
    RatchetException error = RatchetException.of(failure);
    if (error.code() == ErrorCode.INTERNAL) {
      LOG.error("call {} from {} failed", call.name(), channel.remoteAddress(), failure);
    }
    fail(error);
  }

  private void send(int type, byte[] body) {
    channel.writeAndFlush(
        new Frame(call.number(), type, request.correlation(), routeVersion.getAsLong(), body),
        channel.voidPromise());
  }
}
