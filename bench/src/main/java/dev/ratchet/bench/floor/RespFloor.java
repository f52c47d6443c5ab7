package dev.ratchet.bench.floor;

import dev.ratchet.proto.rpc.EventLoops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The floor under a server of RESP on Netty: reads commands in place, adds one to a counter in an
 * array, writes the number. {@code key:7} and {@code key:1048583} share a counter, nothing is kept
 * on a disk, and what is not {@code INCR} gets a polite answer.
 */
public final class RespFloor implements AutoCloseable {
  /** Counters; a power of two above the keys that are asked for. */
  static final int COUNTERS = 1 << 20;

  private final EventLoops loops;
  private final Channel port;

  private RespFloor(EventLoops loops, Channel port) {
    this.loops = loops;
    this.port = port;
  }

  /** Serves until the process is ended; the argument is the port. */
  public static void main(String[] arguments) throws IOException {
    try (RespFloor floor = bind(FloorProcess.port(arguments), FloorProcess.threads())) {
      FloorProcess.serve(floor.port());
    }
  }

  /** Binds a port of loopback; 0 takes a free one. */
  static RespFloor bind(int port, int threads) {
    AtomicLongArray counters = new AtomicLongArray(COUNTERS);
    EventLoops loops = new EventLoops("floor", threads);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.group())
            .channel(EventLoops.serverSocketType())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel accepted) {
                    accepted.pipeline().addLast(new RespFloorHandler(counters));
                  }
                });
    return new RespFloor(loops, bootstrap.bind("127.0.0.1", port).syncUninterruptibly().channel());
  }

  int port() {
    return ((InetSocketAddress) port.localAddress()).getPort();
  }

  @Override
  public void close() {
    port.close().awaitUninterruptibly();
    loops.close();
  }
}
