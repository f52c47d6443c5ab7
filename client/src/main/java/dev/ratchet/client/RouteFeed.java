package dev.ratchet.client;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.RoutesRequest;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.RpcPeer;
import dev.ratchet.proto.time.MonotonicClock;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the route table fresh: one long poll at a time to some server, so that changes arrive as
 * soon as the store has them, and one refresh at a time when an answer shows that there is
 * something newer or somebody asks. Each goes on to another server after a failure, with a bounded
 * pause.
 *
 * <p>Refreshes are numbered by tickets: a ticket is done when a refresh that began after it was
 * drawn has succeeded. Fields are confined to the loop, but for the volatile ones.
 */
final class RouteFeed {
  /** How long a server may hold a poll. */
  static final int POLL_WAIT_MILLIS = 1_000;

  /** When a poll or refresh is given up: a server that is frozen must not hide a failover. */
  static final int POLL_TIMEOUT_MILLIS = 1_500;

  static final int REFRESH_TIMEOUT_MILLIS = 500;

  /** The first answer is the whole table, made and read by code that has not run before. */
  static final int WHOLE_TABLE_TIMEOUT_MILLIS = 5_000;

  /** Doubts that come within this time after one are the same doubt. */
  static final long DOUBT_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  static final long MIN_PAUSE_MILLIS = 5;
  static final long MAX_PAUSE_MILLIS = 200;

  private final RouteTable table;
  private final Servers servers;
  private final ScheduledExecutorService loop;
  private final MonotonicClock clock;
  private final Runnable refreshed;

  private volatile long doubtedAt;
  private boolean closed;
  private long pollPause = MIN_PAUSE_MILLIS;
  private long refreshPause = MIN_PAUSE_MILLIS;
  private boolean refreshing;
  private long wanted;
  private volatile long started;
  private volatile long completed;
  private volatile RatchetException lastFailure =
      new RatchetException(ErrorCode.UNAVAILABLE, "no server was reached yet");

  /** {@code refreshed}: told on the loop after each refresh that succeeded. */
  RouteFeed(
      RouteTable table,
      Servers servers,
      ScheduledExecutorService loop,
      MonotonicClock clock,
      Runnable refreshed) {
    this.table = table;
    this.servers = servers;
    this.loop = loop;
    this.clock = clock;
    this.doubtedAt = clock.nanos() - DOUBT_GAP_NANOS;
    this.refreshed = refreshed;
  }

  void start() {
    run(this::poll);
    requestRefresh();
  }

  void close() {
    run(() -> closed = true);
  }

  /** Takes in what a reply brought along. */
  void take(RouteDelta delta) {
    if (delta.version() > table.version()) {
      table.apply(delta);
    }
  }

  /** An answer came from a node whose table has this version. */
  void sawVersion(long version) {
    if (version > table.version()) {
      run(
          () -> {
            // The same answer may have brought the routes along; they are in by now.
            if (version > table.version()) {
              want(started + (refreshing ? 0 : 1));
            }
          });
    }
  }

  /**
   * A call failed where the routes sent it: they may be old, and the server that is polled may be
   * cut off from those who know better. Asks another one, now and then.
   */
  void doubt() {
    long now = clock.nanos();
    if (now - doubtedAt >= DOUBT_GAP_NANOS) {
      doubtedAt = now; // two threads at the same moment ask twice, at worst
      requestRefresh();
    }
  }

  /** Draws a ticket for a refresh that begins from now on. */
  long requestRefresh() {
    long ticket = started + 1;
    run(() -> want(ticket));
    return ticket;
  }

  /** Whether the refresh of a ticket has succeeded. */
  boolean isDone(long ticket) {
    return completed >= ticket;
  }

  /** Why the last poll or refresh that failed did. */
  RatchetException lastFailure() {
    return lastFailure;
  }

  private void run(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      lastFailure = new RatchetException(ErrorCode.UNAVAILABLE, "the client is closed");
    }
  }

  private void later(Runnable task, long millis) {
    try {
      loop.schedule(task, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      lastFailure = new RatchetException(ErrorCode.UNAVAILABLE, "the client is closed");
    }
  }

  private void poll() {
    if (closed) {
      return;
    }
    RpcPeer server = servers.polled();
    long version = table.version();
    long began = clock.nanos();
    server
        .call(
            Calls.ROUTES,
            new RoutesRequest(version, POLL_WAIT_MILLIS),
            timeout(POLL_TIMEOUT_MILLIS))
        .whenComplete(
            (delta, failure) -> run(() -> polled(server, version, began, delta, failure)));
  }

  private int timeout(int usual) {
    return table.version() == 0 ? WHOLE_TABLE_TIMEOUT_MILLIS : usual;
  }

  private void polled(
      RpcPeer server,
      long asked,
      long began,
      @Nullable RouteDelta delta,
      @Nullable Throwable failure) {
    if (delta != null) {
      take(delta);
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(clock.nanos() - began);
    boolean useful =
        delta != null
            && (delta.version() > asked
                || (delta.version() == asked && millis >= POLL_WAIT_MILLIS / 2));
    if (useful) {
      pollPause = MIN_PAUSE_MILLIS;
      poll();
      return;
    }
    if (failure != null) {
      lastFailure = RatchetException.of(failure);
    }
    // Failed, or behind us and so answered at once: ask another one.
    servers.movePoll(server);
    later(this::poll, pollPause);
    pollPause = Math.min(pollPause * 2, MAX_PAUSE_MILLIS);
  }

  private void want(long ticket) {
    wanted = Math.max(wanted, ticket);
    if (!refreshing && wanted > started) {
      started = wanted;
      refreshing = true;
      refresh();
    }
  }

  private void refresh() {
    if (closed) {
      return;
    }
    long run = started;
    servers
        .next()
        .call(Calls.ROUTES, new RoutesRequest(table.version(), 0), timeout(REFRESH_TIMEOUT_MILLIS))
        .whenComplete((delta, failure) -> run(() -> fetched(run, delta, failure)));
  }

  private void fetched(long run, @Nullable RouteDelta delta, @Nullable Throwable failure) {
    if (delta == null) {
      if (failure != null) {
        lastFailure = RatchetException.of(failure);
      }
      later(this::refresh, refreshPause);
      refreshPause = Math.min(refreshPause * 2, MAX_PAUSE_MILLIS);
      return;
    }
    refreshPause = MIN_PAUSE_MILLIS;
    take(delta);
    completed = run;
    refreshing = false;
    refreshed.run();
    want(wanted);
  }
}
