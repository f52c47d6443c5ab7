package dev.ratchet.router.resp;

import dev.ratchet.client.DirectCalls;
import dev.ratchet.client.RatchetClient;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Redis connection: starts commands as they come, and writes replies in the order of the
 * commands. Confined to the connection's event loop.
 *
 * <p>Bounds: at {@link RespLimits#PENDING_HIGH} keys waiting or {@link
 * RespLimits#UNREAD_HIGH_BYTES} of unread replies nothing more is read from the connection; a
 * client that leaves replies unread for the configured time, or more than {@link
 * RespLimits#MAX_UNREAD_BYTES} of them, is cut off.
 */
final class RespSession extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(RespSession.class);

  private final Channel channel;
  private final ClientState state;
  private final Commands commands;
  private final RespMetrics metrics;
  private final int unreadSeconds;
  private final KeyLanes lanes;
  private final Runnable settle = this::settle;
  private final ArrayDeque<Reply> pending = new ArrayDeque<>();
  private int pendingKeys;
  private final RespWriter out = new RespWriter();
  private final @Nullable ShortWay shortWay;
  private @Nullable Future<?> cutOff;
  private boolean closing;
  private boolean closeAsked;

  RespSession(
      Channel channel,
      ClientState state,
      Commands commands,
      RatchetClient client,
      RespServer.Setup setup,
      RespMetrics metrics,
      @Nullable DirectCalls direct) {
    this.channel = channel;
    this.state = state;
    this.commands = commands;
    this.metrics = metrics;
    this.unreadSeconds = setup.unreadSeconds();
    this.lanes = new KeyLanes(client, setup.timeoutMillis(), this::wake);
    this.shortWay =
        direct == null
            ? null
            : new ShortWay(direct, client.routes(), metrics, this::isIdle, this::settleShortWay);
  }

  /** Serves some commands before they come here; null where none can be. */
  @Nullable ShortWay shortWay() {
    return shortWay;
  }

  private boolean isIdle() {
    return pending.isEmpty() && !closing;
  }

  private void settleShortWay() {
    if (shortWay != null) {
      shortWay.settle(out);
      flushIfLarge();
    }
  }

  private void wake() {
    try {
      channel.eventLoop().execute(settle);
    } catch (RejectedExecutionException e) {
      LOG.debug("an answer came after the router was closed", e);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (closing || message == RespRequest.SERVED) {
      return;
    }
    settleShortWay();
    if (message instanceof RespRequest.Command command) {
      metrics.commands.increment();
      Reply reply = commands.run(command.words(), state, lanes);
      reply.setProtocol(state.protocol());
      append(reply);
    } else if (message instanceof RespRequest.Fault fault) {
      metrics.faults.increment();
      append(Reply.last(to -> to.error("ERR Protocol error: " + fault.reason())));
    }
  }

  private void append(Reply reply) {
    closing = reply.closes();
    pending.add(reply);
    pendingKeys += reply.weight();
    if (pending.size() == 1) {
      writeReady();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    settleShortWay();
    lanes.start();
    flush();
    holdBack();
    context.fireChannelReadComplete();
  }

  private void settle() {
    lanes.settle();
    writeReady();
    flush();
    holdBack();
  }

  private void writeReady() {
    Reply reply = pending.peek();
    while (reply != null && reply.isReady() && channel.isActive()) {
      pending.remove();
      pendingKeys -= reply.weight();
      out.setProtocol(reply.protocol());
      reply.write(out);
      flushIfLarge();
      reply = pending.peek();
    }
  }

  private void flushIfLarge() {
    if (out.length() >= RespLimits.WRITE_CHUNK_BYTES) {
      flush();
    }
  }

  private void flush() {
    if (out.length() > 0) {
      channel.writeAndFlush(out.take(channel.alloc()), channel.voidPromise());
      if (channel.bytesBeforeWritable() > RespLimits.MAX_UNREAD_BYTES) {
        cutOff("it has left more than " + RespLimits.MAX_UNREAD_BYTES + " bytes unread");
      }
    }
    if (closing && pending.isEmpty() && !closeAsked && channel.isActive()) {
      closeAsked = true;
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      startCutOff("it did not read its last replies for ");
    }
  }

  private void holdBack() {
    boolean reading = channel.config().isAutoRead();
    boolean full = pendingKeys >= RespLimits.PENDING_HIGH || !channel.isWritable();
    if (reading && full) {
      channel.config().setAutoRead(false);
    } else if (!reading && pendingKeys <= RespLimits.PENDING_LOW && channel.isWritable()) {
      channel.config().setAutoRead(true);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Future<?> timer = cutOff;
    if (channel.isWritable() && !closeAsked) {
      if (timer != null) {
        timer.cancel(false);
        cutOff = null;
      }
    } else {
      startCutOff("it has read nothing for ");
    }
    holdBack();
  }

  private void startCutOff(String why) {
    if (cutOff == null) {
      Runnable close = () -> cutOff(why + unreadSeconds + " seconds");
      cutOff = channel.eventLoop().schedule(close, unreadSeconds, TimeUnit.SECONDS);
    }
  }

  private void cutOff(String why) {
    metrics.cutOff.increment();
    LOG.warn("closing Redis connection {}: {}", channel.remoteAddress(), why);
    channel.close();
  }

  /** The client sends no more; what it asked is still answered. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      settleShortWay();
      closing = true;
      lanes.start();
      flush();
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    closing = true;
    lanes.abandon();
    pending.clear();
    out.clear();
    Future<?> timer = cutOff;
    if (timer != null) {
      timer.cancel(false);
    }
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.error("closing Redis connection {}", channel.remoteAddress(), cause);
    }
    context.close();
  }
}
