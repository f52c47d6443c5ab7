package dev.ratchet.store;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.Empty;
import dev.ratchet.proto.message.Grant;
import dev.ratchet.proto.message.GrantsReply;
import dev.ratchet.proto.message.GrantsRequest;
import dev.ratchet.proto.message.RaiseItem;
import dev.ratchet.proto.message.RaiseRequest;
import dev.ratchet.proto.message.RaiseResult;
import dev.ratchet.proto.message.RegisterRequest;
import dev.ratchet.proto.message.ReleaseItem;
import dev.ratchet.proto.message.ReleaseRequest;
import dev.ratchet.proto.message.RenewReply;
import dev.ratchet.proto.message.RenewRequest;
import dev.ratchet.proto.message.StatusReply;
import dev.ratchet.proto.rpc.Call;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RpcPeer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Calls a store as an allocation node does: follows hints, and repeats what may be repeated. */
public final class StoreClient implements AutoCloseable {
  private static final long CALL_MILLIS = 20_000;

  private final EventLoops loops = new EventLoops("test-client", 1);
  private final List<HostPort> addresses;
  private final Map<HostPort, RpcPeer> peers = new HashMap<>();
  private HostPort next;

  public StoreClient(List<HostPort> addresses) {
    this.addresses = List.copyOf(addresses);
    this.next = addresses.get(0);
  }

  /** One attempt at one address. */
  public <Q, R> R callAt(HostPort address, Call<Q, R> call, Q request) {
    try {
      return sendTo(address, call, request).join();
    } catch (CompletionException e) {
      throw RatchetException.of(e);
    }
  }

  /** One attempt at one address, not waited for. */
  public <Q, R> CompletableFuture<R> sendTo(HostPort address, Call<Q, R> call, Q request) {
    RpcPeer peer =
        peers.computeIfAbsent(address, to -> new RpcPeer(loops, to, () -> 0L, version -> {}));
    return peer.call(call, request, CALL_MILLIS);
  }

  /** Attempts until it succeeds or fails for good. */
  public <Q, R> R call(Call<Q, R> call, Q request) {
    return Await.value(call.name(), () -> attempt(call, request));
  }

  @SuppressWarnings("NullAway") // null says: not yet
  private <Q, R> R attempt(Call<Q, R> call, Q request) {
    try {
      return callAt(next, call, request);
    } catch (RatchetException e) {
      if (!e.code().isRetryable()) {
        throw e;
      }
      int after = addresses.indexOf(next) + 1;
      next =
          e.code() == ErrorCode.NOT_LEADER && !e.hint().isEmpty()
              ? HostPort.parse(e.hint())
              : addresses.get(after % addresses.size());
      return null;
    }
  }

  public Namespace create(Namespace namespace) {
    return call(Calls.NAMESPACE_CREATE, namespace).namespaces().get(0);
  }

  public int register(String node, long process) {
    return call(
            Calls.REGISTER, new RegisterRequest(node, "zone-1", "127.0.0.1", 7000, process, 1_200))
        .incarnation();
  }

  public RenewReply renew(int incarnation) {
    return call(Calls.RENEW, new RenewRequest(incarnation));
  }

  public RaiseResult raise(int incarnation, Grant grant, long expected, long target) {
    RaiseItem item =
        new RaiseItem(grant.namespaceId(), grant.section(), grant.epoch(), expected, target);
    return call(Calls.RAISE, new RaiseRequest(incarnation, List.of(item))).results().get(0);
  }

  public RaiseResult release(int incarnation, ReleaseItem item) {
    return call(Calls.RELEASE, new ReleaseRequest(incarnation, List.of(item), false))
        .results()
        .get(0);
  }

  public StatusReply status() {
    return call(Calls.STATUS, new Empty());
  }

  /** Polls, and renews, until an incarnation has so many sections. */
  public List<Grant> awaitGrants(int incarnation, int count) {
    List<Grant> grants = new ArrayList<>();
    long[] version = {0};
    Await.until(
        count + " grants of incarnation " + incarnation,
        () -> {
          renew(incarnation);
          GrantsReply reply = call(Calls.GRANTS, new GrantsRequest(incarnation, version[0], 100));
          version[0] = reply.version();
          grants.addAll(reply.grants());
          return grants.size() >= count;
        });
    return grants;
  }

  @Override
  public void close() {
    peers.values().forEach(RpcPeer::close);
    loops.close();
  }
}
