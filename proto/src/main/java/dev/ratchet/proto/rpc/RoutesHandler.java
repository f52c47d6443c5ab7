package dev.ratchet.proto.rpc;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.RoutesRequest;
import dev.ratchet.proto.route.RouteTable;
import io.netty.util.concurrent.Future;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@link Calls#ROUTES} from a route table: at once when the table is newer than the
 * caller's, else when it changes or the caller's wait is over; with {@link ErrorCode#UNAVAILABLE}
 * while the table is empty. At most {@link #MAX_WAITING} callers wait.
 */
public final class RoutesHandler implements RpcHandler<RoutesRequest, RouteDelta> {
  /** Callers that may wait for a change at a time. */
  public static final int MAX_WAITING = 10_000;

  /** Longest wait granted to one call. */
  public static final int MAX_WAIT_MILLIS = 30_000;

  private final RouteTable table;
  private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();

  /** Serves the table, and listens to its changes. */
  public RoutesHandler(RouteTable table) {
    this.table = table;
    table.onChange(this::wake);
  }

  @Override
  public void handle(RoutesRequest request, RpcContext<RouteDelta> context) {
    if (table.version() != request.version() || request.waitMillis() <= 0) {
      answer(request.version(), context);
      return;
    }
    if (waiting.size() >= MAX_WAITING) {
      context.fail(
          new RatchetException(
              ErrorCode.OVERLOADED, MAX_WAITING + " callers already wait for newer routes here"));
      return;
    }
    Waiting call = new Waiting(request.version(), context);
    waiting.add(call);
    int millis = Math.min(request.waitMillis(), MAX_WAIT_MILLIS);
    call.timer = context.eventLoop().schedule(() -> finish(call), millis, TimeUnit.MILLISECONDS);
    if (table.version() != call.version) {
      finish(call); // the change came between the first look and the registration
    }
  }

  private void wake() {
    waiting.forEach(this::finish);
  }

  private void finish(Waiting call) {
    if (call.finished.compareAndSet(false, true)) {
      waiting.remove(call);
      Future<?> timer = call.timer;
      if (timer != null) {
        timer.cancel(false);
      }
      answer(call.version, call.context);
    }
  }

  private void answer(long version, RpcContext<RouteDelta> context) {
    if (table.version() == 0) {
      // An empty table would say that there are no namespaces, which nobody knows yet.
      context.fail(
          new RatchetException(
              ErrorCode.UNAVAILABLE, "this node has no routes yet; ask another one, or again"));
      return;
    }
    context.reply(table.since(version));
  }

  /** A caller that waits; finished exactly once, by a change or by its timer. */
  private static final class Waiting {
    final long version;
    final RpcContext<RouteDelta> context;
    final AtomicBoolean finished = new AtomicBoolean();
    volatile @Nullable Future<?> timer;

    Waiting(long version, RpcContext<RouteDelta> context) {
      this.version = version;
      this.context = context;
    }
  }
}
