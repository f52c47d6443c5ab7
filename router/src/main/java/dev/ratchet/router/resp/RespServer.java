package dev.ratchet.router.resp;

import dev.ratchet.client.DirectCalls;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.rpc.DirectOwner;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The Redis port of a router. Thread-safe. */
public final class RespServer implements AutoCloseable {
  private final Channel port;
  private final ChannelGroup connections;

  private RespServer(Channel port, ChannelGroup connections) {
    this.port = port;
    this.connections = connections;
  }

  /**
   * What the port is set up with.
   *
   * @param node name of the router
   * @param version its software version
   * @param address where to listen
   * @param timeoutMillis deadline of a command
   * @param maxConnections connections at a time
   * @param unreadSeconds how long replies may stay unread
   */
  public record Setup(
      String node,
      String version,
      HostPort address,
      int timeoutMillis,
      int maxConnections,
      int unreadSeconds) {}

  /**
   * Binds the port.
   *
   * @param owners those in this process that were given the same loops
   * @throws IOException that names the address when it can't be bound
   */
  public static RespServer bind(
      Setup setup,
      RatchetClient client,
      EventLoops loops,
      List<DirectOwner> owners,
      MeterRegistry registry)
      throws IOException {
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.group())
            .channel(EventLoops.serverSocketType())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(RespLimits.UNREAD_LOW_BYTES, RespLimits.UNREAD_HIGH_BYTES))
            .childHandler(
                new Accept(
                    setup, client, owners, new RespMetrics(registry, setup.node()), connections));
    HostPort address = setup.address();
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
    return new RespServer(bound.channel(), connections);
  }

  /** The port bound, also where 0 was asked for. */
  public int port() {
    return ((InetSocketAddress) port.localAddress()).getPort();
  }

  /** Closes the port and every connection. */
  @Override
  public void close() {
    port.close().awaitUninterruptibly();
    connections.close().awaitUninterruptibly();
  }

  /** Sets up each connection, or refuses it. */
  private static final class Accept extends ChannelInitializer<SocketChannel> {
    private final Setup setup;
    private final RatchetClient client;
    private final List<DirectOwner> owners;
    private final RespMetrics metrics;
    private final ChannelGroup connections;
    private final Commands commands;
    private final AtomicLong lastId = new AtomicLong();

    Accept(
        Setup setup,
        RatchetClient client,
        List<DirectOwner> owners,
        RespMetrics metrics,
        ChannelGroup connections) {
      this.setup = setup;
      this.client = client;
      this.owners = List.copyOf(owners);
      this.metrics = metrics;
      this.connections = connections;
      this.commands = new Commands(new ServerFacts(setup, client, metrics));
    }

    @Override
    protected void initChannel(SocketChannel accepted) {
      if (metrics.connections.incrementAndGet() > setup.maxConnections()) {
        metrics.connections.decrementAndGet();
        metrics.refused.increment();
        String refusal = "-ERR max number of clients reached, " + setup.maxConnections() + "\r\n";
        accepted
            .writeAndFlush(Unpooled.copiedBuffer(refusal, StandardCharsets.US_ASCII))
            .addListener(ChannelFutureListener.CLOSE);
        return;
      }
      accepted.closeFuture().addListener(closed -> metrics.connections.decrementAndGet());
      connections.add(accepted);
      ClientState state =
          new ClientState(lastId.incrementAndGet(), String.valueOf(accepted.remoteAddress()));
      DirectCalls direct = owners.isEmpty() ? null : client.direct(owners);
      RespSession session =
          new RespSession(accepted, state, commands, client, setup, metrics, direct);
      accepted.pipeline().addLast(new RespDecoder(session.shortWay())).addLast(session);
    }
  }
}
