package dev.ratchet.proto.rpc;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.RoutesRequest;
import dev.ratchet.proto.route.RouteTable;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@link Calls#ROUTES} from a route table: at once when the table is newer than the
 * caller's, else when it changes or the caller's wait is over; with {@link ErrorCode#UNAVAILABLE}
 * while the table is empty. At most {@link #MAX_WAITING} callers wait.
 *
 * <p>Concurrency: the thread that changes the table only wakes the event loops. On each of them
 * wait the callers that came in there, and they are answered there, a few at a time, all of one
 * version with the same bytes.
 */
public final class RoutesHandler implements RpcHandler<RoutesRequest, RouteDelta> {
  /** Callers that may wait for a change at a time. */
  public static final int MAX_WAITING = 10_000;

  /** Longest wait granted to one call. */
  public static final int MAX_WAIT_MILLIS = 30_000;

  /** Answered in one turn of an event loop, which then sees to its other calls. */
  private static final int MAX_ANSWERS_A_TURN = 256;

  private final RouteTable table;
  private final EncodedDeltas deltas;
  private final Map<EventLoop, Waiters> waiters = new ConcurrentHashMap<>();
  private final AtomicInteger waiting = new AtomicInteger();

  /** Serves the table, and listens to its changes. */
  public RoutesHandler(RouteTable table) {
    this(table, table::since);
  }

  /** {@code since}: finds what changed in the table since a version. */
  RoutesHandler(RouteTable table, LongFunction<RouteDelta> since) {
    this.table = table;
    this.deltas = new EncodedDeltas(table::version, since);
    table.onChange(() -> waiters.values().forEach(Waiters::wake));
  }

  @Override
  public void handle(RoutesRequest request, RpcContext<RouteDelta> context) {
    if (table.version() != request.version() || request.waitMillis() <= 0) {
      answer(request.version(), context);
      return;
    }
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      context.fail(
          new RatchetException(
              ErrorCode.OVERLOADED, MAX_WAITING + " callers already wait for newer routes here"));
      return;
    }
    Waiting call = new Waiting(request.version(), context);
    waiters
        .computeIfAbsent(context.eventLoop(), Waiters::new)
        .add(call, Math.min(request.waitMillis(), MAX_WAIT_MILLIS));
  }

  private void answer(long version, RpcContext<RouteDelta> context) {
    if (table.version() == 0) {
      // An empty table would say that there are no namespaces, which nobody knows yet.
      context.fail(
          new RatchetException(
              ErrorCode.UNAVAILABLE, "this node has no routes yet; ask another one, or again"));
      return;
    }
    context.replyEncoded(deltas.since(version));
  }

  /** A caller that waits; compared by identity. */
  private static final class Waiting {
    final long version;
    final RpcContext<RouteDelta> context;
    @Nullable Future<?> timer;

    Waiting(long version, RpcContext<RouteDelta> context) {
      this.version = version;
      this.context = context;
    }
  }

  /** Who waits on one event loop, which all but {@link #wake} is confined to. */
  private final class Waiters {
    private final EventLoop loop;
    private final Set<Waiting> calls = new LinkedHashSet<>();
    private final AtomicBoolean woken = new AtomicBoolean();

    Waiters(EventLoop loop) {
      this.loop = loop;
    }

    void add(Waiting call, int millis) {
      calls.add(call);
      call.timer = loop.schedule(() -> finish(call), millis, TimeUnit.MILLISECONDS);
      if (table.version() != call.version) {
        finish(call); // the change came between the first look and the registration
      }
    }

    /** Has those answered that the table is newer for; from any thread. */
    void wake() {
      if (woken.compareAndSet(false, true)) {
        try {
          loop.execute(this::answerSome);
        } catch (RejectedExecutionException e) {
          woken.set(false); // the process is ending, and its connections are closed
        }
      }
    }

    private void answerSome() {
      woken.set(false);
      long version = table.version();
      var late =
          calls.stream().filter(call -> call.version != version).limit(MAX_ANSWERS_A_TURN).toList();
      late.forEach(this::finish);
      if (late.size() == MAX_ANSWERS_A_TURN) {
        wake();
      }
    }

    private void finish(Waiting call) {
      if (calls.remove(call)) {
        waiting.decrementAndGet();
        Future<?> timer = call.timer;
        if (timer != null) {
          timer.cancel(false);
        }
        answer(call.version, call.context);
      }
    }
  }
}
