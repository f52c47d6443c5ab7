package dev.ratchet.alloc.handover;

import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.RoutesRequest;
import dev.ratchet.proto.route.RouteTable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the node's route table up to the store's by long poll. Confined to the control thread, but
 * for the table.
 */
public final class RouteFeed {
  private static final Logger LOG = LoggerFactory.getLogger(RouteFeed.class);

  private static final int POLL_MILLIS = 2_000;
  private static final int RETRY_MILLIS = 50;

  private final Function<RoutesRequest, CompletableFuture<RouteDelta>> store;
  private final RouteTable table;
  private final ScheduledExecutorService control;
  private boolean closed;

  public RouteFeed(
      Function<RoutesRequest, CompletableFuture<RouteDelta>> store,
      RouteTable table,
      ScheduledExecutorService control) {
    this.store = store;
    this.table = table;
    this.control = control;
  }

  /** Starts to follow. */
  public void start() {
    poll();
  }

  /** Stops following. */
  public void close() {
    closed = true;
  }

  private void poll() {
    if (!closed) {
      store
          .apply(new RoutesRequest(table.version(), POLL_MILLIS))
          .whenComplete((delta, failure) -> control.execute(() -> polled(delta, failure)));
    }
  }

  private void polled(@Nullable RouteDelta delta, @Nullable Throwable failure) {
    if (delta != null && table.apply(delta)) {
      poll();
      return;
    }
    if (failure != null) {
      LOG.debug("routes will be asked for again: {}", RatchetException.of(failure).getMessage());
    }
    control.schedule(this::poll, RETRY_MILLIS, TimeUnit.MILLISECONDS);
  }
}
