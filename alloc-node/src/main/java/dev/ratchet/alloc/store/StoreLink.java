package dev.ratchet.alloc.store;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.rpc.Call;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RpcPeer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls to the store's leader. Follows hints from one node to the leader, and goes on to the next
 * node when one fails. Thread-safe. A call is one attempt: callers repeat what is safe to repeat.
 */
public final class StoreLink implements AutoCloseable {
  private final EventLoops loops;
  private final List<HostPort> stores;
  private final Map<HostPort, RpcPeer> peers = new ConcurrentHashMap<>();
  private volatile HostPort leader;

  /** {@code stores}: addresses of the store nodes, at least one. */
  public StoreLink(EventLoops loops, List<HostPort> stores) {
    this.loops = loops;
    this.stores = List.copyOf(stores);
    this.leader = this.stores.get(0);
  }

  /**
   * Sends a call to the presumed leader; a failure moves the presumption on, so that the next
   * attempt goes elsewhere.
   */
  public <Q, R> CompletableFuture<R> call(Call<Q, R> call, Q request, long timeoutMillis) {
    HostPort target = leader;
    return peer(target)
        .call(call, request, timeoutMillis)
        .whenComplete(
            (reply, failure) -> {
              if (failure != null) {
                learn(target, RatchetException.of(failure));
              }
            });
  }

  /**
   * As {@link #call}, but a refusal that names the leader is followed once, within the same call.
   */
  public <Q, R> CompletableFuture<R> callLeader(Call<Q, R> call, Q request, long timeoutMillis) {
    return call(call, request, timeoutMillis)
        .exceptionallyCompose(
            failure -> {
              RatchetException error = RatchetException.of(failure);
              return error.code() == ErrorCode.NOT_LEADER || error.code() == ErrorCode.UNAVAILABLE
                  ? call(call, request, timeoutMillis)
                  : CompletableFuture.failedFuture(error);
            });
  }

  private RpcPeer peer(HostPort address) {
    return peers.computeIfAbsent(
        address, a -> new RpcPeer(loops, a, () -> 0L, unusedVersion -> {}));
  }

  private void learn(HostPort tried, RatchetException error) {
    switch (error.code()) {
      case NOT_LEADER -> leader = error.hint().isEmpty() ? after(tried) : hinted(error, tried);
      case TIMEOUT, CONNECTION_LOST, UNAVAILABLE, PROTOCOL_ERROR -> {
        if (tried.equals(leader)) {
          leader = after(tried);
        }
      }
      default -> {}
    }
  }

  private HostPort hinted(RatchetException error, HostPort tried) {
    try {
      return HostPort.parse(error.hint());
    } catch (IllegalArgumentException e) {
      return after(tried);
    }
  }

  private HostPort after(HostPort tried) {
    return stores.get((stores.indexOf(tried) + 1) % stores.size());
  }

  @Override
  public void close() {
    peers.values().forEach(RpcPeer::close);
  }
}
