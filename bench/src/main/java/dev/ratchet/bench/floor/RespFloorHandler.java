package dev.ratchet.bench.floor;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;

/** One connection of {@link RespFloor}. Confined to its event loop. */
final class RespFloorHandler extends ChannelInboundHandlerAdapter {
  private static final int START_BYTES = 64 << 10;
  private static final FastThreadLocal<Scratch> SCRATCH =
      new FastThreadLocal<>() {
        @Override
        protected Scratch initialValue() {
          return new Scratch();
        }
      };

  private final AtomicLongArray counters;
  private final RespReplies replies = new RespReplies();
  private byte[] rest = new byte[0];

  /** What all connections of an event loop read into, one after the other. */
  private static final class Scratch {
    final RespCursor cursor = new RespCursor();
    byte[] bytes = new byte[START_BYTES];

    void reserve(int length) {
      if (bytes.length < length) {
        bytes = new byte[2 * length];
      }
    }
  }

  RespFloorHandler(AtomicLongArray counters) {
    this.counters = counters;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      Scratch scratch = SCRATCH.get();
      int length = rest.length + in.readableBytes();
      scratch.reserve(length);
      // One copy of all is cheaper than a checked access to each byte of memory outside the heap.
      System.arraycopy(rest, 0, scratch.bytes, 0, rest.length);
      in.readBytes(scratch.bytes, rest.length, length - rest.length);
      answer(scratch.cursor, scratch.bytes, length);
      int read = scratch.cursor.position();
      if (read < length || rest.length > 0) {
        rest = Arrays.copyOfRange(scratch.bytes, read, length);
      }
    } finally {
      in.release();
    }
  }

  private void answer(RespCursor cursor, byte[] bytes, int length) {
    cursor.reset(bytes, length);
    while (true) {
      int command = cursor.next();
      if (command == RespCursor.INCR) {
        int counter = (int) cursor.key() & (RespFloor.COUNTERS - 1);
        replies.integer(counters.getAndAdd(counter, 1) + 1);
      } else if (command == RespCursor.OTHER) {
        other(cursor.command().toUpperCase(Locale.ROOT));
      } else {
        return;
      }
    }
  }

  private void other(String command) {
    if (command.contains("\r\nPING\r\n")) {
      replies.raw("+PONG\r\n");
    } else if (command.contains("\r\nCONFIG\r\n")) {
      // redis-benchmark asks for two settings, to print them.
      replies.raw("*2\r\n$4\r\nnone\r\n$0\r\n\r\n");
    } else {
      replies.raw("-ERR the floor serves INCR alone\r\n");
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (replies.length() > 0) {
      context.writeAndFlush(replies.take(context.alloc()), context.voidPromise());
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
