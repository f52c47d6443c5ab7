package dev.ratchet.proto.rpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One address to call: connects on first use and again after a loss. Thread-safe. Calls made while
 * it connects share the one attempt; a failed attempt fails them, and the next call tries anew. A
 * closed peer calls no more.
 */
public final class RpcPeer implements AutoCloseable {
  /** Calls that may wait for the connection to be made; more are {@link ErrorCode#OVERLOADED}. */
  public static final int MAX_WAITING = RpcConnection.MAX_IN_FLIGHT;

  private final EventLoops loops;
  private final HostPort address;
  private final LongSupplier routeVersion;
  private final LongConsumer newerRoutes;
  private final AtomicInteger waiting = new AtomicInteger();

  @GuardedBy("this")
  private @Nullable CompletableFuture<RpcConnection> current;

  @GuardedBy("this")
  private boolean closed;

  /** See {@link RpcConnection#connect}. */
  public RpcPeer(
      EventLoops loops, HostPort address, LongSupplier routeVersion, LongConsumer newerRoutes) {
    this.loops = loops;
    this.address = address;
    this.routeVersion = routeVersion;
    this.newerRoutes = newerRoutes;
  }

  public HostPort address() {
    return address;
  }

  /** The open connection, or the attempt under way. */
  public synchronized CompletableFuture<RpcConnection> connection() {
    if (closed) {
      return CompletableFuture.failedFuture(unavailable("calls to " + address + " have ended"));
    }
    CompletableFuture<RpcConnection> known = current;
    if (known == null || isOver(known)) {
      known = RpcConnection.connect(loops, address, routeVersion, newerRoutes);
      current = known;
    }
    return known;
  }

  private static boolean isOver(CompletableFuture<RpcConnection> attempt) {
    return attempt.isCompletedExceptionally() || (attempt.isDone() && !attempt.join().isOpen());
  }

  /**
   * Sends a call; see {@link RpcConnection#call}. The timeout covers the wait for the connection; a
   * call that it ends there was never sent, and fails on a timer's thread.
   */
  public <Q, R> CompletableFuture<R> call(Call<Q, R> call, Q request, long timeoutMillis) {
    CompletableFuture<RpcConnection> attempt = connection();
    if (attempt.isDone() && !attempt.isCompletedExceptionally()) {
      return attempt.join().call(call, request, timeoutMillis);
    }
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      return CompletableFuture.failedFuture(
          new RatchetException(
              ErrorCode.OVERLOADED, MAX_WAITING + " calls already wait to connect to " + address));
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    CompletableFuture<R> result = new CompletableFuture<>();
    attempt
        .copy()
        .orTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
        .whenComplete(
            (open, failure) -> {
              waiting.decrementAndGet();
              if (open == null) {
                result.completeExceptionally(whyNot(failure));
                return;
              }
              long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
              open.call(call, request, left)
                  .whenComplete((reply, error) -> settle(result, reply, error));
            });
    return result;
  }

  private static <R> void settle(
      CompletableFuture<R> result, R reply, @Nullable Throwable failure) {
    if (failure == null) {
      result.complete(reply);
    } else {
      result.completeExceptionally(failure);
    }
  }

  private RatchetException whyNot(Throwable failure) {
    return failure instanceof TimeoutException
        ? unavailable("no connection to " + address + " in time")
        : RatchetException.of(failure);
  }

  private static RatchetException unavailable(String why) {
    return new RatchetException(ErrorCode.UNAVAILABLE, why);
  }

  /** Closes the connection, also one that is still being made. */
  @Override
  public synchronized void close() {
    closed = true;
    if (current != null) {
      current.thenAccept(RpcConnection::close);
    }
  }
}
