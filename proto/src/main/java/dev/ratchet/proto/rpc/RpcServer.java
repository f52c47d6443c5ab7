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
  private final Served served;

  private RpcServer(Channel channel, ChannelGroup connections, Served served) {
    this.channel = channel;
    this.connections = connections;
    this.served = served;
  }

  /** Serves the calls of another description too, and no others from now on: the node is up. */
  public void complete(Builder others) {
    served.complete(others.routes);
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
      return on(call, (request, answer) -> false, handler);
    }

    /** Serves a kind of call with two handlers: what the quick one leaves is the other's. */
    public <Q, R> Builder on(Call<Q, R> call, QuickHandler<R> quick, RpcHandler<Q, R> handler) {
      if (routes.put(call.number(), new Route<>(call, quick, handler)) != null) {
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
      return bind(loops, address, new Served(routes, true));
    }

    /**
     * Binds the port of a node that is still starting: calls not described yet are answered {@code
     * UNAVAILABLE}, until {@link RpcServer#complete} describes the rest.
     *
     * @throws IOException that names the address when it can't be bound
     */
    public RpcServer bindEarly(EventLoops loops, HostPort address) throws IOException {
      return bind(loops, address, new Served(routes, false));
    }

    private RpcServer bind(EventLoops loops, HostPort address, Served served) throws IOException {
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
                          .addLast(new RpcServerHandler(served, routeVersion));
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
      return new RpcServer(bound.channel(), connections, served);
    }
  }

  /** What a port serves at the moment; {@code complete} once that is all it ever will. */
  record Table(Map<Integer, Route<?, ?>> routes, boolean complete) {}

  /** The table of a port, which is exchanged as a whole. Thread-safe. */
  static final class Served {
    private volatile Table table;

    Served(Map<Integer, Route<?, ?>> routes, boolean complete) {
      this.table = new Table(Map.copyOf(routes), complete);
    }

    Table table() {
      return table;
    }

    void complete(Map<Integer, Route<?, ?>> others) {
      Map<Integer, Route<?, ?>> all = new HashMap<>(table.routes());
      all.putAll(others);
      table = new Table(Map.copyOf(all), true);
    }
  }

  /** A call and who serves it. */
  record Route<Q, R>(Call<Q, R> call, QuickHandler<R> quick, RpcHandler<Q, R> handler) {}
}
