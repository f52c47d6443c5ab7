package dev.ratchet.router.resp;

import dev.ratchet.client.DirectCalls;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.route.RouteTable;
import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The short way of {@code INCR} where the owner of the key is in this process: read, served and
 * answered in one turn of the event loop, without an object made. Whatever is not so plain (another
 * command, a number that must be waited for, anything wrong) is left where it is, for the way that
 * all other commands go.
 *
 * <p>Order: it serves only while nothing of the connection is under way, so its replies follow all
 * before them, and of two commands about one key never the later is served first. Numbers are
 * written only after the leases they were taken under were found to hold ({@link #settle}).
 *
 * <p>Confined to the connection's event loop.
 */
final class ShortWay {
  /** {@code *2 $4 INCR $} with its line ends, and then the length of the key. */
  private static final byte[] HEAD = "*2\r\n$4\r\nincr\r\n$".getBytes(StandardCharsets.US_ASCII);

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long FIRST_WORD = (long) WORD.get(HEAD, 0);

  /** Makes small letters of the four of the name. */
  private static final long LOWER_CASE = 0x20202020L;

  /** All but the last byte. */
  private static final long SECOND_MASK = -1L >>> Byte.SIZE;

  private static final long SECOND_WORD =
      (long) WORD.get(Arrays.copyOf(HEAD, 2 * Long.BYTES), Long.BYTES);

  private static final int NAME_FROM = 8;
  private static final int NAME_END = 12;

  /** Longest namespace, colon and key that go this way; longer ones would be copied too often. */
  private static final int MAX_KEY = 256;

  /** Bytes looked at together; room for many commands of the longest kind. */
  private static final int CHUNK_BYTES = 8 << 10;

  private static final int NOT_MINE = -1;
  private static final int INCOMPLETE = -2;

  /** The replies that may wait for {@link #settle}. */
  static final int MAX_UNSETTLED = 1_024;

  private final DirectCalls direct;
  private final RespMetrics metrics;
  private final BooleanSupplier idle;
  private final Runnable full;
  private final KnownNamespace known;

  private final byte[] chunk = new byte[CHUNK_BYTES];
  private final long[] numbers = new long[MAX_UNSETTLED];
  private int unsettled;

  /**
   * {@code idle}: whether nothing of the connection is under way; {@code full}: told when {@link
   * #settle} must be called.
   */
  ShortWay(
      DirectCalls direct,
      RouteTable routes,
      RespMetrics metrics,
      BooleanSupplier idle,
      Runnable full) {
    this.direct = direct;
    this.metrics = metrics;
    this.idle = idle;
    this.full = full;
    this.known = new KnownNamespace(routes);
  }

  /**
   * Serves commands from the head of the bytes, as many as it can.
   *
   * @return whether it waits for the rest of a command; else what follows is to be read otherwise
   */
  boolean serve(ByteBuf in) {
    while (mayBeMine(in) && idle.getAsBoolean()) {
      int length = Math.min(in.readableBytes(), CHUNK_BYTES);
      in.getBytes(in.readerIndex(), chunk, 0, length);
      int at = 0;
      int end = serveOne(0, length);
      while (end > 0) {
        at = end;
        end = serveOne(at, length);
      }
      in.skipBytes(at);
      if (end == NOT_MINE) {
        return false;
      }
      if (at == 0) {
        return true;
      }
    }
    return !in.isReadable();
  }

  /** A look before the bytes are copied. */
  private static boolean mayBeMine(ByteBuf in) {
    return in.readableBytes() >= Long.BYTES
        ? in.getLongLE(in.readerIndex()) == FIRST_WORD
        : in.isReadable() && in.getByte(in.readerIndex()) == '*';
  }

  /** Where the command that starts here ends, once served; or why it was not. */
  private int serveOne(int start, int end) {
    if (!startsWithHead(start, end)) {
      return NOT_MINE;
    }
    int at = start + HEAD.length;
    int length = 0;
    while (at < end && chunk[at] != '\r') {
      int digit = chunk[at++] - '0';
      length = length * 10 + digit;
      if (digit < 0 || digit > 9 || length == 0 || length > MAX_KEY) {
        return NOT_MINE;
      }
    }
    if (at < end && length == 0) {
      return NOT_MINE; // a fault, to be told at once
    }
    int key = at + 2;
    int after = key + length + 2;
    if (after > end) {
      return INCOMPLETE;
    }
    boolean whole = chunk[key - 1] == '\n' && chunk[after - 2] == '\r' && chunk[after - 1] == '\n';
    return whole && take(key, key + length) ? after : NOT_MINE;
  }

  /** Whether what is there of a command may be the head of one that goes this way. */
  private boolean startsWithHead(int start, int end) {
    if (end - start >= 2 * Long.BYTES) {
      // The second word ends with the first digit of the length, which is looked at later.
      return (long) WORD.get(chunk, start) == FIRST_WORD
          && (((long) WORD.get(chunk, start + Long.BYTES) | LOWER_CASE) & SECOND_MASK)
              == SECOND_WORD;
    }
    int head = Math.min(HEAD.length, end - start);
    for (int i = 0; i < head; i++) {
      int lower = i >= NAME_FROM && i < NAME_END ? chunk[start + i] | 0x20 : chunk[start + i];
      if (lower != HEAD[i]) {
        return false;
      }
    }
    return true;
  }

  private boolean take(int from, int end) {
    Namespace namespace = known.of(chunk, from, end);
    if (namespace == null) {
      return false;
    }
    long key;
    try {
      key = namespace.keyOf(chunk, known.keyFrom(), end);
    } catch (RatchetException invalid) {
      return false; // the long way says why
    }
    long number = direct.take(namespace, key, 1);
    if (number == DirectCalls.NOT_NOW) {
      return false;
    }
    numbers[unsettled++] = number;
    if (unsettled == MAX_UNSETTLED) {
      full.run();
    }
    return true;
  }

  /** Writes the replies of what was served, in order. */
  void settle(RespWriter out) {
    if (unsettled == 0) {
      return;
    }
    if (direct.confirm()) {
      for (int i = 0; i < unsettled; i++) {
        out.integer(numbers[i]);
      }
    } else {
      String lost = RespErrors.line(leaseLost());
      for (int i = 0; i < unsettled; i++) {
        out.error(lost);
      }
    }
    metrics.commands.increment(unsettled);
    unsettled = 0;
  }

  private static RatchetException leaseLost() {
    return new RatchetException(
        ErrorCode.LEASE_LOST, "the allocation node's lease ended during the call");
  }

  /** Finds the namespace in a key, at best the one it found before. */
  private static final class KnownNamespace {
    private final RouteTable routes;
    private byte[] name = {};
    private @Nullable Namespace namespace;
    private long version;
    private int keyFrom;

    KnownNamespace(RouteTable routes) {
      this.routes = routes;
    }

    /** The namespace, or null if there is none; {@link #keyFrom} then says where the key starts. */
    @Nullable Namespace of(byte[] bytes, int from, int end) {
      int after = from + name.length;
      if (namespace == null
          || version != routes.version()
          || after >= end
          || bytes[after] != ':'
          || !startsWithName(bytes, from)) {
        return lookUp(bytes, from, end);
      }
      keyFrom = after + 1;
      return namespace;
    }

    private boolean startsWithName(byte[] bytes, int from) {
      for (int i = 0; i < name.length; i++) {
        if (bytes[from + i] != name[i]) {
          return false;
        }
      }
      return true;
    }

    private @Nullable Namespace lookUp(byte[] bytes, int from, int end) {
      int colon = from;
      while (colon < end && bytes[colon] != ':') {
        colon++;
      }
      if (colon == end) {
        return null; // the default namespace; rare enough for the long way
      }
      version = routes.version();
      name = Arrays.copyOfRange(bytes, from, colon);
      namespace = routes.namespace(new String(name, StandardCharsets.UTF_8));
      keyFrom = colon + 1;
      return namespace;
    }

    int keyFrom() {
      return keyFrom;
    }
  }
}
