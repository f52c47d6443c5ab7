package dev.ratchet.alloc;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.IssueItem;
import dev.ratchet.proto.message.IssueReply;
import dev.ratchet.proto.message.IssueRequest;
import dev.ratchet.proto.message.IssueResult;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RpcConnection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One connection to an allocation node. Every wait has a deadline. */
final class Caller implements AutoCloseable {
  private static final int MILLIS = 10_000;

  private final RpcConnection connection;

  /** {@code routeVersion}: stamped on every call. */
  Caller(EventLoops loops, HostPort node, long routeVersion) {
    connection = get(RpcConnection.connect(loops, node, () -> routeVersion, newer -> {}));
  }

  CompletableFuture<IssueReply> send(IssueItem... items) {
    return connection.call(Calls.ISSUE, new IssueRequest(List.of(items), 0), MILLIS);
  }

  /** Takes numbers of one key under an epoch. */
  CompletableFuture<IssueResult> send(Namespace namespace, long key, int count, long epoch) {
    return send(new IssueItem(namespace.id(), key, count, epoch))
        .thenApply(reply -> reply.results().get(0));
  }

  IssueResult take(Namespace namespace, long key, int count, long epoch) {
    return get(send(namespace, key, count, epoch));
  }

  static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(MILLIS, TimeUnit.MILLISECONDS).join();
  }

  /** Waits until something holds, or fails after a while. */
  static void await(String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("waited in vain: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
