package dev.ratchet.alloc.store;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.StoreAddress;
import dev.ratchet.proto.rpc.Call;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RpcPeer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls to the store's leader. Follows hints from one node to the leader, and goes on to the next
 * node when one fails: first of those that the store last said there are, then of those configured.
 * Thread-safe. A call is one attempt: callers repeat what is safe to repeat.
 */
public final class StoreLink implements AutoCloseable {
  private final EventLoops loops;
  private final List<HostPort> configured;
  private final Map<HostPort, RpcPeer> peers = new ConcurrentHashMap<>();
  private volatile List<HostPort> stores;
  private volatile HostPort leader;

  /** {@code stores}: addresses of the store nodes, at least one. */
  public StoreLink(EventLoops loops, List<HostPort> stores) {
    this.loops = loops;
    this.configured = List.copyOf(stores);
    this.stores = configured;
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

  /** Takes in which store nodes there are; none changes nothing. */
  public void learn(List<StoreAddress> living) {
    Set<HostPort> known = new LinkedHashSet<>();
    for (StoreAddress store : living) {
      try {
        known.add(HostPort.parse(store.address()));
      } catch (IllegalArgumentException e) {
        return; // a store that names no addresses of ours teaches nothing
      }
    }
    if (known.isEmpty()) {
      return;
    }
    known.addAll(configured);
    List<HostPort> list = List.copyOf(known);
    if (!list.equals(stores)) {
      stores = list;
      HostPort current = leader;
      peers.keySet().stream()
          .filter(address -> !known.contains(address) && !address.equals(current))
          .toList()
          .forEach(this::forget);
    }
  }

  private void forget(HostPort address) {
    RpcPeer gone = peers.remove(address);
    if (gone != null) {
      gone.close();
    }
  }

  private RpcPeer peer(HostPort address) {
    return peers.computeIfAbsent(
        address, a -> new RpcPeer(loops, a, () -> 0L, unusedVersion -> {}));
  }

  private void learn(HostPort tried, RatchetException error) {
    switch (error.code()) {
      case NOT_LEADER -> leader = error.hint().isEmpty() ? after(tried) : hinted(error, tried);
      case TIMEOUT, CONNECTION_LOST, UNAVAILABLE, PROTOCOL_ERROR, INTERNAL -> {
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
    List<HostPort> list = stores;
    return list.get((list.indexOf(tried) + 1) % list.size());
  }

  @Override
  public void close() {
    peers.values().forEach(RpcPeer::close);
  }
}
