package dev.ratchet.proto.rpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One address to call: connects on first use and again after a loss. Thread-safe. Calls made while
 * it connects share the one attempt; a failed attempt fails them, and the next call tries anew.
 */
public final class RpcPeer implements AutoCloseable {
  private final EventLoops loops;
  private final HostPort address;
  private final LongSupplier routeVersion;
  private final LongConsumer newerRoutes;

  @GuardedBy("this")
  private @Nullable CompletableFuture<RpcConnection> current;

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

  /** Sends a call; see {@link RpcConnection#call}. */
  public <Q, R> CompletableFuture<R> call(Call<Q, R> call, Q request, long timeoutMillis) {
    return connection().thenCompose(open -> open.call(call, request, timeoutMillis));
  }

  @Override
  public synchronized void close() {
    if (current != null) {
      current.thenAccept(RpcConnection::close);
    }
  }
}
