package dev.ratchet.proto.rpc;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.ErrorReply;
import dev.ratchet.proto.wire.Frame;
import dev.ratchet.proto.wire.FrameDecoder;
import dev.ratchet.proto.wire.FrameEncoder;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A pipelined connection: many calls in flight, answered in any order, each with a deadline. Calls
 * may be made from any thread; futures complete on the connection's event loop, so what follows
 * them must not block. At most {@link #MAX_IN_FLIGHT} calls wait at a time, and at most {@link
 * #MAX_UNSENT_BYTES} of requests for the other side to take them.
 */
public final class RpcConnection implements AutoCloseable {
  /** Calls that may wait for their answers. */
  public static final int MAX_IN_FLIGHT = 16_384;

  /** Requests that may wait to be sent; more are {@link ErrorCode#OVERLOADED}. */
  public static final int MAX_UNSENT_BYTES = 8 << 20;

  private static final int CONNECT_TIMEOUT_MILLIS = 1_000;

  /**
   * How long bytes may stay unacknowledged before the connection counts as lost. Without it a
   * healed partition is noticed only at TCP's next retransmission, which may be a minute away.
   */
  private static final int UNACKNOWLEDGED_MILLIS = 3_000;

  /** Calls are ended so much after their deadline, at most, together with others. */
  private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final Channel channel;
  private final HostPort address;
  private final Pending pending;
  private final LongSupplier routeVersion;

  private RpcConnection(
      Channel channel, HostPort address, Pending pending, LongSupplier routeVersion) {
    this.channel = channel;
    this.address = address;
    this.pending = pending;
    this.routeVersion = routeVersion;
  }

  /**
   * Connects.
   *
   * @param routeVersion stamped on every call
   * @param newerRoutes told the route version of each answer
   * @return the connection, or {@link ErrorCode#UNAVAILABLE} that names the address
   */
  public static CompletableFuture<RpcConnection> connect(
      EventLoops loops, HostPort address, LongSupplier routeVersion, LongConsumer newerRoutes) {
    return connect(loops.group(), address, routeVersion, newerRoutes);
  }

  /**
   * Connects on one of a group's event loops; with a single loop as the group, the futures of its
   * calls complete on that one.
   */
  public static CompletableFuture<RpcConnection> connect(
      EventLoopGroup group, HostPort address, LongSupplier routeVersion, LongConsumer newerRoutes) {
    Pending pending = new Pending(address, newerRoutes);
    CompletableFuture<RpcConnection> result = new CompletableFuture<>();
    String why = group.isShuttingDown() ? "this process is ending" : whyNot(address);
    if (!why.isEmpty()) {
      result.completeExceptionally(cannot(address, why));
      return result;
    }
    EventLoops.detectLoss(new Bootstrap(), UNACKNOWLEDGED_MILLIS)
        .group(group)
        .channel(EventLoops.socketType())
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
        .option(
            ChannelOption.WRITE_BUFFER_WATER_MARK,
            new WriteBufferWaterMark(MAX_UNSENT_BYTES / 2, MAX_UNSENT_BYTES))
        .handler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel connected) {
                connected
                    .pipeline()
                    .addLast(new FlushConsolidationHandler(256, true))
                    .addLast(new FrameDecoder(Limits.MAX_REPLY_BYTES))
                    .addLast(FrameEncoder.INSTANCE)
                    .addLast(pending);
              }
            })
        .connect(address.host(), address.port())
        .addListener(
            (io.netty.channel.ChannelFuture connected) -> {
              if (connected.isSuccess()) {
                result.complete(
                    new RpcConnection(connected.channel(), address, pending, routeVersion));
              } else {
                result.completeExceptionally(
                    cannot(address, String.valueOf(connected.cause().getMessage())));
              }
            });
    return result;
  }

  private static String whyNot(HostPort address) {
    return address.port() < 1 || address.port() > HostPort.MAX_PORT ? "there is no such port" : "";
  }

  private static RatchetException cannot(HostPort address, String why) {
    return new RatchetException(ErrorCode.UNAVAILABLE, "can't connect to " + address + ": " + why);
  }

  /** Where it leads. */
  public HostPort address() {
    return address;
  }

  /** Whether calls can still go out. */
  public boolean isOpen() {
    return channel.isActive();
  }

  /** Runs a task once the connection is closed, by whichever side. */
  public void onClose(Runnable task) {
    channel.closeFuture().addListener(closed -> task.run());
  }

  /** The connection's event loop, on which futures of its calls complete. */
  public io.netty.channel.EventLoop eventLoop() {
    return channel.eventLoop();
  }

  /** Sends a call; the future fails with {@link RatchetException} only. */
  public <Q, R> CompletableFuture<R> call(Call<Q, R> call, Q request, long timeoutMillis) {
    return call(call, call.request().encode(request), call.reply()::decode, timeoutMillis);
  }

  /**
   * Sends a call by its bytes; the future fails with {@link RatchetException} only.
   *
   * @param body the bytes of the request, which must not change any more
   * @param decode makes of the reply's bytes what is wanted, or throws {@link RatchetException}
   */
  public <T> CompletableFuture<T> call(
      Call<?, ?> call, byte[] body, Function<byte[], T> decode, long timeoutMillis) {
    CompletableFuture<T> result = new CompletableFuture<>();
    if (body.length + Frame.HEADER_BYTES > Limits.MAX_REQUEST_BYTES) {
      result.completeExceptionally(
          new RatchetException(
              ErrorCode.FRAME_TOO_LARGE,
              "the request has "
                  + body.length
                  + " bytes; the limit is "
                  + Limits.MAX_REQUEST_BYTES));
      return result;
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    Waiting<T> waiting = new Waiting<>(call, decode, result, deadline);
    if (channel.eventLoop().inEventLoop()) {
      send(waiting, body);
    } else {
      try {
        channel.eventLoop().execute(() -> send(waiting, body));
      } catch (RejectedExecutionException e) {
        waiting.fail(ErrorCode.UNAVAILABLE, "this process is closing its connections");
      }
    }
    return result;
  }

  private void send(Waiting<?> waiting, byte[] body) {
    long correlation = pending.add(waiting);
    if (correlation != 0) {
      channel.writeAndFlush(
          new Frame(
              waiting.call.number(), Frame.REQUEST, correlation, routeVersion.getAsLong(), body),
          channel.voidPromise());
    }
  }

  @Override
  public void close() {
    channel.close();
  }

  /** A call whose answer is awaited. */
  private record Waiting<T>(
      Call<?, ?> call, Function<byte[], T> decode, CompletableFuture<T> result, long deadline) {
    void answer(Frame frame) {
      try {
        if (frame.type() == Frame.REPLY) {
          result.complete(decode.apply(frame.body()));
        } else if (frame.type() == Frame.ERROR) {
          result.completeExceptionally(ErrorReply.SCHEMA.decode(frame.body()).toException());
        } else {
          unreadable("it has type " + frame.type());
        }
      } catch (RatchetException e) {
        unreadable(e.getMessage());
      }
    }

    /** The call was served, or it was not: nobody can tell. */
    private void unreadable(@Nullable String why) {
      fail(ErrorCode.INTERNAL, "the answer to " + call.name() + " can't be read: " + why);
    }

    void fail(ErrorCode code, String message) {
      result.completeExceptionally(new RatchetException(code, message));
    }
  }

  /** Calls in flight by correlation. Confined to the event loop. */
  private static final class Pending extends SimpleChannelInboundHandler<Frame> {
    private final HostPort address;
    private final LongConsumer newerRoutes;
    private final LongObjectMap<Waiting<?>> waiting = new LongObjectHashMap<>();
    private long lastCorrelation;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Future<?> sweeper;

    /** When the sweeper is due, while there is one. */
    private long sweepAt;

    private @Nullable RatchetException refusal;

    Pending(HostPort address, LongConsumer newerRoutes) {
      super(Frame.class);
      this.address = address;
      this.newerRoutes = newerRoutes;
    }

    /** The correlation under which the call waits, or 0 where it was failed at once. */
    long add(Waiting<?> call) {
      ChannelHandlerContext live = context;
      if (live == null || !live.channel().isActive()) {
        // Nothing was sent, so the outcome is definite.
        call.fail(ErrorCode.UNAVAILABLE, "the connection to " + address + " is closed");
        return 0;
      }
      if (waiting.size() >= MAX_IN_FLIGHT) {
        call.fail(
            ErrorCode.OVERLOADED, MAX_IN_FLIGHT + " calls are already in flight to " + address);
        return 0;
      }
      if (!live.channel().isWritable()) {
        call.fail(ErrorCode.OVERLOADED, address + " does not take requests as fast as they come");
        return 0;
      }
      lastCorrelation++;
      waiting.put(lastCorrelation, call);
      sweepBy(live, call.deadline);
      return lastCorrelation;
    }

    /** Sees to it that a call is ended at its deadline; an idle connection wakes nobody. */
    private void sweepBy(ChannelHandlerContext live, long deadline) {
      if (sweeper != null) {
        if (sweepAt - deadline <= SWEEP_NANOS) {
          return;
        }
        sweeper.cancel(false);
      }
      long now = System.nanoTime();
      long delay = Math.max(SWEEP_NANOS, deadline - now);
      sweepAt = now + delay;
      sweeper = live.executor().schedule(() -> sweep(live), delay, TimeUnit.NANOSECONDS);
    }

    private void sweep(ChannelHandlerContext live) {
      sweeper = null;
      long now = System.nanoTime();
      long left = Long.MAX_VALUE;
      List<Long> late = new ArrayList<>();
      for (LongObjectMap.PrimitiveEntry<Waiting<?>> entry : waiting.entries()) {
        long itsLeft = entry.value().deadline - now;
        if (itsLeft <= 0) {
          late.add(entry.key());
        } else {
          left = Math.min(left, itsLeft);
        }
      }
      for (long correlation : late) {
        Waiting<?> call = waiting.remove(correlation);
        if (call != null) {
          call.fail(ErrorCode.TIMEOUT, call.call.name() + " got no answer in time from " + address);
        }
      }
      if (left < Long.MAX_VALUE) {
        sweepBy(live, now + left);
      }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
      // Not when the channel becomes active: those told of the connection call before that event.
      context = added;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext from, Frame frame) {
      newerRoutes.accept(frame.routeVersion());
      Waiting<?> call = waiting.remove(frame.correlation());
      if (call != null) {
        call.answer(frame);
      } else if (frame.type() == Frame.ERROR && frame.correlation() == 0) {
        // The other side refuses the whole connection, and closes it.
        refusal = ErrorReply.SCHEMA.decode(frame.body()).toException();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
      if (sweeper != null) {
        sweeper.cancel(false);
      }
      List<Waiting<?>> lost = new ArrayList<>(waiting.values());
      waiting.clear();
      String why = refusal == null ? "" : ": " + refusal.getMessage();
      for (Waiting<?> call : lost) {
        call.fail(ErrorCode.CONNECTION_LOST, "the connection to " + address + " was lost" + why);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
      if (refusal == null) {
        refusal =
            new RatchetException(ErrorCode.PROTOCOL_ERROR, String.valueOf(cause.getMessage()));
      }
      from.close();
    }
  }
}
