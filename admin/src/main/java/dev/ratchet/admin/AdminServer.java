package dev.ratchet.admin;

import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The admin port of a process: {@code /healthz}, {@code /readyz}, {@code /metrics}, over plain HTTP
 * without authentication, so it belongs on loopback or a private interface. Requests, connections
 * and idle time are bounded. It binds the JVM's metrics to the registry: start one server a
 * registry.
 */
public final class AdminServer implements AutoCloseable {
  /** Longest request line. */
  static final int MAX_LINE_BYTES = 2_048;

  /** All headers of a request together. */
  static final int MAX_HEADER_BYTES = 8_192;

  /** Longest body of a request; none is ever used. */
  static final int MAX_BODY_BYTES = 1_024;

  /** Open connections; more are closed as they come. */
  static final int MAX_CONNECTIONS = 256;

  /** How long a connection may be silent. */
  static final long IDLE_MILLIS = 30_000;

  private final EventLoops loops;
  private final Channel channel;
  private final ChannelGroup connections;
  private final JvmMetrics jvm;

  private AdminServer(EventLoops loops, Channel channel, ChannelGroup connections, JvmMetrics jvm) {
    this.loops = loops;
    this.channel = channel;
    this.connections = connections;
    this.jvm = jvm;
  }

  /**
   * Binds the port and serves.
   *
   * @param listen port 0 takes any free one
   * @throws IOException that names the address when it can't be bound
   */
  public static AdminServer start(HostPort listen, PrometheusMeterRegistry registry, Health health)
      throws IOException {
    return start(listen, registry, health, IDLE_MILLIS);
  }

  static AdminServer start(
      HostPort listen, PrometheusMeterRegistry registry, Health health, long idleMillis)
      throws IOException {
    EventLoops loops = new EventLoops("admin", 1);
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops.group())
            .channel(EventLoops.serverSocketType())
            .option(ChannelOption.SO_REUSEADDR, true)
            .childHandler(new Connections(Page.all(registry, health), connections, idleMillis))
            .bind(listen.host(), listen.port())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loops.close();
      throw new IOException(
          "can't listen on admin address "
              + listen
              + ": "
              + bound.cause().getMessage()
              + "; is another process using the port?",
          bound.cause());
    }
    return new AdminServer(loops, bound.channel(), connections, new JvmMetrics(registry));
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
    loops.close();
    jvm.close();
  }

  /** Sets up accepted connections. */
  private static final class Connections extends ChannelInitializer<SocketChannel> {
    private final Map<String, Page> pages;
    private final ChannelGroup open;
    private final long idleMillis;

    Connections(Map<String, Page> pages, ChannelGroup open, long idleMillis) {
      this.pages = pages;
      this.open = open;
      this.idleMillis = idleMillis;
    }

    @Override
    protected void initChannel(SocketChannel accepted) {
      if (open.size() >= MAX_CONNECTIONS) {
        accepted.close();
        return;
      }
      open.add(accepted);
      HttpDecoderConfig bounds =
          new HttpDecoderConfig()
              .setMaxInitialLineLength(MAX_LINE_BYTES)
              .setMaxHeaderSize(MAX_HEADER_BYTES);
      accepted
          .pipeline()
          .addLast(new IdleStateHandler(0, 0, idleMillis, TimeUnit.MILLISECONDS))
          .addLast(new HttpServerCodec(bounds))
          .addLast(new HttpObjectAggregator(MAX_BODY_BYTES, true))
          .addLast(new AdminHandler(pages));
    }
  }
}
