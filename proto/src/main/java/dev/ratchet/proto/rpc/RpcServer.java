package dev.ratchet.proto.rpc;

import dev.ratchet.proto.Limits;
import dev.ratchet.proto.wire.FrameDecoder;
import dev.ratchet.proto.wire.FrameEncoder;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A port that serves calls. Each connection is bounded: frames by {@link Limits#MAX_REQUEST_BYTES},
 * unread answers by {@link #MAX_UNREAD_BYTES}, past which a caller that doesn't read is cut off.
 */
public final class RpcServer implements AutoCloseable {
  /** Answers that may wait for one caller to read them; room for two of the largest. */
  public static final int MAX_UNREAD_BYTES = 2 * Limits.MAX_REPLY_BYTES;

  private final Channel channel;
  private final ChannelGroup connections;

  private RpcServer(Channel channel, ChannelGroup connections) {
    this.channel = channel;
    this.connections = connections;
  }

  /** The port bound, also where 0 was asked for. */
  public int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** Closes the port and every connection. */
  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
    connections.close().awaitUninterruptibly();
  }

  /** Starts to describe a server; {@code routeVersion} is stamped on every answer. */
  public static Builder builder(LongSupplier routeVersion) {
    return new Builder(routeVersion);
  }

  /** The calls a server serves. */
  public static final class Builder {
    private final LongSupplier routeVersion;
    private final Map<Integer, Route<?, ?>> routes = new HashMap<>();

    private Builder(LongSupplier routeVersion) {
      this.routeVersion = routeVersion;
    }

    /** Serves a kind of call with a handler. */
    public <Q, R> Builder on(Call<Q, R> call, RpcHandler<Q, R> handler) {
      if (routes.put(call.number(), new Route<>(call, handler)) != null) {
        throw new IllegalStateException("two handlers for " + call.name());
      }
      return this;
    }

    /**
     * Binds the port.
     *
     * @throws IOException that names the address when it can't be bound
     */
    public RpcServer bind(EventLoops loops, HostPort address) throws IOException {
      Map<Integer, Route<?, ?>> table = Map.copyOf(routes);
      ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
      ServerBootstrap bootstrap =
          new ServerBootstrap()
              .group(loops.group())
              .channel(EventLoops.serverSocketType())
              .option(ChannelOption.SO_REUSEADDR, true)
              .option(ChannelOption.SO_BACKLOG, 1024)
              .childOption(ChannelOption.TCP_NODELAY, true)
              .childOption(ChannelOption.SO_KEEPALIVE, true)
              .childOption(
                  ChannelOption.WRITE_BUFFER_WATER_MARK,
                  new WriteBufferWaterMark(MAX_UNREAD_BYTES / 2, MAX_UNREAD_BYTES))
              .childHandler(
                  new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel accepted) {
                      connections.add(accepted);
                      accepted
                          .pipeline()
                          .addLast(new FlushConsolidationHandler(256, true))
                          .addLast(new FrameDecoder(Limits.MAX_REQUEST_BYTES))
                          .addLast(FrameEncoder.INSTANCE)
                          .addLast(new RpcServerHandler(table, routeVersion));
                    }
                  });
      ChannelFuture bound = bootstrap.bind(address.host(), address.port()).awaitUninterruptibly();
      if (!bound.isSuccess()) {
        throw new IOException(
            "can't listen on "
                + address
                + ": "
                + bound.cause().getMessage()
                + "; is another process using the port?",
            bound.cause());
      }
      return new RpcServer(bound.channel(), connections);
    }
  }

  /** A call and who serves it. */
  record Route<Q, R>(Call<Q, R> call, RpcHandler<Q, R> handler) {}
}
