package dev.ratchet.alloc.store;

import dev.ratchet.proto.message.ConfirmReply;
import dev.ratchet.proto.message.ConfirmRequest;
import dev.ratchet.proto.message.GrantsReply;
import dev.ratchet.proto.message.GrantsRequest;
import dev.ratchet.proto.message.HandoverReply;
import dev.ratchet.proto.message.HandoverRequest;
import dev.ratchet.proto.message.RaiseReply;
import dev.ratchet.proto.message.RaiseRequest;
import dev.ratchet.proto.message.RegisterReply;
import dev.ratchet.proto.message.RegisterRequest;
import dev.ratchet.proto.message.ReleaseReply;
import dev.ratchet.proto.message.ReleaseRequest;
import dev.ratchet.proto.message.RenewReply;
import dev.ratchet.proto.message.RenewRequest;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.RoutesRequest;
import dev.ratchet.proto.message.WitnessReply;
import dev.ratchet.proto.message.WitnessRequest;
import dev.ratchet.proto.rpc.Calls;
import java.util.concurrent.CompletableFuture;

/** The calls of an allocation node to the store, each with its time limit. Thread-safe. */
public final class StoreCalls implements StoreApi {
  /**
   * A lost leader must not hold a renewal so long that the lease ends before another leader is
   * asked.
   */
  private static final int LEASE_CALL_MILLIS = 400;

  private static final int CALL_MILLIS = 1_000;

  private final StoreLink link;

  public StoreCalls(StoreLink link) {
    this.link = link;
  }

  @Override
  public CompletableFuture<RegisterReply> register(RegisterRequest request) {
    return link.callLeader(Calls.REGISTER, request, CALL_MILLIS);
  }

  @Override
  public CompletableFuture<RenewReply> renew(RenewRequest request) {
    return link.callLeader(Calls.RENEW, request, LEASE_CALL_MILLIS)
        .thenApply(
            reply -> {
              link.learn(reply.stores());
              return reply;
            });
  }

  @Override
  public CompletableFuture<GrantsReply> grants(GrantsRequest request) {
    return link.callLeader(Calls.GRANTS, request, CALL_MILLIS + request.waitMillis());
  }

  @Override
  public CompletableFuture<HandoverReply> handover(HandoverRequest request) {
    return link.callLeader(Calls.HANDOVER, request, CALL_MILLIS);
  }

  @Override
  public CompletableFuture<RaiseReply> raise(RaiseRequest request) {
    return link.callLeader(Calls.RAISE, request, CALL_MILLIS);
  }

  @Override
  public CompletableFuture<ReleaseReply> release(ReleaseRequest request) {
    return link.callLeader(Calls.RELEASE, request, CALL_MILLIS);
  }

  @Override
  public CompletableFuture<ConfirmReply> confirm(ConfirmRequest request) {
    return link.callLeader(Calls.CONFIRM, request, LEASE_CALL_MILLIS);
  }

  @Override
  public CompletableFuture<WitnessReply> witness(WitnessRequest request) {
    return link.callLeader(Calls.WITNESS, request, CALL_MILLIS);
  }

  @Override
  public CompletableFuture<RouteDelta> routes(RoutesRequest request) {
    return link.callLeader(Calls.ROUTES, request, CALL_MILLIS + request.waitMillis());
  }
}
