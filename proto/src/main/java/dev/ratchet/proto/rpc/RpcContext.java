package dev.ratchet.proto.rpc;

import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.ErrorReply;
import dev.ratchet.proto.wire.Frame;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/** One call being served: answer it exactly once, from any thread. */
public final class RpcContext<R> {
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

  /** Version of the caller's route table, 0 if it has none. */
  public long callerRouteVersion() {
    return request.routeVersion();
  }

  /** The event loop that the call arrived on. */
  public EventLoop eventLoop() {
    return channel.eventLoop();
  }

  /** Answers the call. */
  public void reply(R reply) {
    send(Frame.REPLY, call.reply().encode(reply));
  }

  /** Answers the call with an error. */
  public void fail(RatchetException error) {
    send(Frame.ERROR, ErrorReply.SCHEMA.encode(ErrorReply.of(error)));
  }

  /** Answers with what the stage becomes. */
  public void answer(CompletionStage<R> stage) {
    var unused =
        stage.handle(
            (reply, failure) -> {
              if (failure != null) {
                fail(RatchetException.of(failure));
              } else {
                reply(reply);
              }
              return null;
            });
  }

  private void send(int type, byte[] body) {
    channel.writeAndFlush(
        new Frame(call.number(), type, request.correlation(), routeVersion.getAsLong(), body),
        channel.voidPromise());
  }
}
