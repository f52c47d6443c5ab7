package dev.ratchet.client;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.Empty;
import dev.ratchet.proto.message.NamespaceReply;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.Call;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RpcPeer;
import dev.ratchet.proto.time.MonotonicClock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls about the cluster rather than about numbers: to one server after the other until one
 * answers, within a deadline. Thread-safe.
 *
 * <p>Invariant: a call that fails is definite only if none of its attempts may have been carried
 * out.
 */
final class ControlCalls {
  private static final long POLL_MILLIS = 5;

  private final Servers servers;
  private final RouteTable table;
  private final RouteFeed feed;
  private final MonotonicClock clock;
  private final ScheduledExecutorService loop;

  ControlCalls(
      Servers servers,
      RouteTable table,
      RouteFeed feed,
      MonotonicClock clock,
      ScheduledExecutorService loop) {
    this.servers = servers;
    this.table = table;
    this.feed = feed;
    this.clock = clock;
    this.loop = loop;
  }

  /** Sends a call to servers in turn until one gives an answer that is final. */
  <Q, R> CompletableFuture<R> call(Call<Q, R> call, Q request, long deadlineNanos) {
    Attempts<Q, R> attempts = new Attempts<>(call, request, deadlineNanos);
    attempts.next(servers.next());
    return attempts.result;
  }

  /** One call on its way; an attempt at a time, so nothing here is volatile or locked. */
  private final class Attempts<Q, R> {
    final CompletableFuture<R> result = new CompletableFuture<>();
    private final Call<Q, R> call;
    private final Q request;
    private final long deadline;
    private int failures;
    private boolean maybeDone;

    Attempts(Call<Q, R> call, Q request, long deadline) {
      this.call = call;
      this.request = request;
      this.deadline = deadline;
    }

    void next(RpcPeer server) {
      // Half of what is left, so that one frozen server leaves time to ask another.
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - clock.nanos());
      server
          .call(call, request, Math.max(1, left / 2))
          .whenComplete(
              (reply, failure) -> {
                if (failure == null) {
                  result.complete(reply);
                } else {
                  failed(RatchetException.of(failure));
                }
              });
    }

    private void failed(RatchetException cause) {
      failures++;
      maybeDone |= !cause.code().isDefinite();
      long pause = RetryPolicy.backoffNanos(failures, ThreadLocalRandom.current());
      if (!cause.code().isRetryable() || clock.nanos() + pause - deadline >= 0) {
        result.completeExceptionally(asKnown(cause));
        return;
      }
      RpcPeer named = named(cause);
      loop.schedule(
          () -> next(named == null ? servers.next() : named), pause, TimeUnit.NANOSECONDS);
    }

    /** That a namespace exists is so whatever an attempt did; the rest may be due to one. */
    private RatchetException asKnown(RatchetException cause) {
      return maybeDone && cause.code().isDefinite() && cause.code() != ErrorCode.NAMESPACE_EXISTS
          ? RetryPolicy.afterUnknown("an earlier attempt may have been carried out", cause)
          : cause;
    }
  }

  /** A store node that does not lead names the one that does. */
  private @Nullable RpcPeer named(RatchetException cause) {
    if (cause.code() != ErrorCode.NOT_LEADER || cause.hint().isEmpty()) {
      return null;
    }
    try {
      return servers.at(HostPort.parse(cause.hint()));
    } catch (IllegalArgumentException e) {
      return null; // no address: the servers are asked in turn
    }
  }

  /** Creates a namespace, and waits until the route table has it or the deadline passes. */
  CompletableFuture<Namespace> create(Namespace namespace, long deadlineNanos) {
    return call(Calls.NAMESPACE_CREATE, namespace, deadlineNanos)
        .handle((reply, failure) -> created(namespace, reply, failure, deadlineNanos))
        .thenCompose(made -> made)
        .thenCompose(made -> known(made, deadlineNanos));
  }

  private CompletableFuture<Namespace> created(
      Namespace wanted,
      @Nullable NamespaceReply reply,
      @Nullable Throwable failure,
      long deadline) {
    if (reply != null && !reply.namespaces().isEmpty()) {
      return CompletableFuture.completedFuture(reply.namespaces().get(0));
    }
    RatchetException cause =
        failure == null
            ? new RatchetException(ErrorCode.INTERNAL, "the answer names no namespace")
            : RatchetException.of(failure);
    if (cause.code() != ErrorCode.NAMESPACE_EXISTS) {
      return CompletableFuture.failedFuture(cause);
    }
    // An attempt of this very call whose answer was lost may have made it: then it is as asked for.
    return call(Calls.NAMESPACE_LIST, new Empty(), deadline)
        .handle(
            (all, unread) -> {
              if (all == null) {
                throw new CompletionException(
                    RetryPolicy.afterUnknown(
                        "the namespace exists, perhaps by an attempt of this call",
                        RatchetException.of(
                            unread == null ? new IllegalStateException() : unread)));
              }
              return sameAs(wanted, all, cause);
            });
  }

  private static Namespace sameAs(Namespace wanted, NamespaceReply all, RatchetException cause) {
    return all.namespaces().stream()
        .filter(known -> known.withId(wanted.id()).equals(wanted))
        .findFirst()
        .orElseThrow(() -> new CompletionException(cause));
  }

  private CompletableFuture<Namespace> known(Namespace namespace, long deadline) {
    CompletableFuture<Namespace> result = new CompletableFuture<>();
    awaitKnown(namespace, deadline, result);
    return result;
  }

  private void awaitKnown(Namespace namespace, long deadline, CompletableFuture<Namespace> result) {
    if (table.namespace(namespace.name()) != null || clock.nanos() - deadline >= 0) {
      result.complete(namespace);
      return;
    }
    feed.requestRefresh();
    loop.schedule(
        () -> awaitKnown(namespace, deadline, result), POLL_MILLIS, TimeUnit.MILLISECONDS);
  }
}
