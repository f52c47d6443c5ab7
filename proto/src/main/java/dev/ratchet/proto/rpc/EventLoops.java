package dev.ratchet.proto.rpc;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Event loops of a process and the socket types that fit them: epoll where the machine has it, else
 * NIO.
 */
public final class EventLoops implements AutoCloseable {
  private static final boolean EPOLL = Epoll.isAvailable();

  private final EventLoopGroup group;
  private final boolean lent;

  /** {@code name}: of the threads; {@code threads}: how many. */
  public EventLoops(String name, int threads) {
    this(
        new MultiThreadIoEventLoopGroup(
            threads,
            new DefaultThreadFactory(name, true),
            EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory()),
        false);
  }

  private EventLoops(EventLoopGroup group, boolean lent) {
    this.group = group;
    this.lent = lent;
  }

  /** The same loops for somebody whose {@link #close} leaves them running. */
  public EventLoops lent() {
    return new EventLoops(group, true);
  }

  public EventLoopGroup group() {
    return group;
  }

  static Class<? extends SocketChannel> socketType() {
    return EPOLL ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  /** Has a connection break when bytes stay unacknowledged that long; only where there is epoll. */
  static Bootstrap detectLoss(Bootstrap bootstrap, int millis) {
    return EPOLL ? bootstrap.option(EpollChannelOption.TCP_USER_TIMEOUT, millis) : bootstrap;
  }

  /** The server socket type that fits {@link #group()}. */
  public static Class<? extends ServerSocketChannel> serverSocketType() {
    return EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  @Override
  public void close() {
    if (!lent) {
      group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
  }
}
