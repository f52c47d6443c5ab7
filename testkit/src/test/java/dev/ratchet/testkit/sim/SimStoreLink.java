package dev.ratchet.testkit.sim;

import dev.ratchet.alloc.store.StoreApi;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
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
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * An allocation node's calls to the store, over the modelled network: follows hints to the leader,
 * and gives calls the time limits that production code gives them.
 */
final class SimStoreLink implements StoreApi {
  private static final int LEASE_CALL_MILLIS = 400;
  private static final int CALL_MILLIS = 1_000;

  private final World world;
  private final SimProcess process;
  private int leader;

  /** A fault: renewals do not get through before this time. */
  private long losesRenewalsUntil;

  SimStoreLink(World world, SimProcess process) {
    this.world = world;
    this.process = process;
  }

  void loseRenewalsUntil(long time) {
    losesRenewalsUntil = time;
  }

  @Override
  public CompletableFuture<RegisterReply> register(RegisterRequest request) {
    RegisterRequest sent = world.sabotage().register(request);
    return call(
        "register",
        CALL_MILLIS,
        (door, reply) -> SimStoreDoor.answer(door.commands().register(sent), reply));
  }

  @Override
  public CompletableFuture<RenewReply> renew(RenewRequest request) {
    if (world.scheduler().now() < losesRenewalsUntil && !request.leaving()) {
      CompletableFuture<RenewReply> lost = new CompletableFuture<>();
      world
          .scheduler()
          .after(
              process.trueNanos(LEASE_CALL_MILLIS * 1_000_000L),
              "renewal lost",
              process,
              () ->
                  lost.completeExceptionally(
                      new RatchetException(ErrorCode.TIMEOUT, "the renewal was lost")));
      return lost;
    }
    return call(
        "renew",
        LEASE_CALL_MILLIS,
        (door, reply) -> {
          door.heard(request.incarnation(), process);
          SimStoreDoor.answer(door.commands().renew(request), reply);
        });
  }

  @Override
  public CompletableFuture<ConfirmReply> confirm(ConfirmRequest request) {
    return call(
        "confirm",
        LEASE_CALL_MILLIS,
        (door, reply) -> SimStoreDoor.answer(door.commands().confirm(request), reply));
  }

  @Override
  public CompletableFuture<WitnessReply> witness(WitnessRequest request) {
    return call(
        "witness",
        CALL_MILLIS,
        (door, reply) -> SimStoreDoor.answer(door.commands().witness(request), reply));
  }

  @Override
  public CompletableFuture<GrantsReply> grants(GrantsRequest request) {
    return call(
        "grants",
        CALL_MILLIS + request.waitMillis(),
        (door, reply) -> {
          door.heard(request.incarnation(), process);
          door.grants(request, reply);
        });
  }

  @Override
  public CompletableFuture<HandoverReply> handover(HandoverRequest request) {
    return call("handover", CALL_MILLIS, (door, reply) -> door.handover(request, reply));
  }

  @Override
  public CompletableFuture<RaiseReply> raise(RaiseRequest request) {
    return call(
        "raise",
        CALL_MILLIS,
        (door, reply) -> SimStoreDoor.answer(door.commands().raise(request), reply));
  }

  @Override
  public CompletableFuture<ReleaseReply> release(ReleaseRequest request) {
    return call(
        "release",
        CALL_MILLIS,
        (door, reply) -> SimStoreDoor.answer(door.commands().release(request), reply));
  }

  @Override
  public CompletableFuture<RouteDelta> routes(RoutesRequest request) {
    return call(
        "routes", CALL_MILLIS + request.waitMillis(), (door, reply) -> door.routes(request, reply));
  }

  private <R> CompletableFuture<R> call(
      String what, long millis, BiConsumer<SimStoreDoor, SimNetwork.Reply<R>> service) {
    return attempt(what, millis, service)
        .exceptionallyCompose(
            failure -> {
              RatchetException error = RatchetException.of(failure);
              return error.code() == ErrorCode.NOT_LEADER || error.code() == ErrorCode.UNAVAILABLE
                  ? attempt(what, millis, service)
                  : CompletableFuture.failedFuture(error);
            });
  }

  private <R> CompletableFuture<R> attempt(
      String what, long millis, BiConsumer<SimStoreDoor, SimNetwork.Reply<R>> service) {
    int target = leader;
    SimStore store = world.stores().get(target);
    CompletableFuture<R> future =
        world
            .network()
            .call(
                process,
                store.process(),
                what,
                millis,
                true,
                reply -> service.accept(store.door(), reply));
    return future.whenComplete(
        (reply, failure) -> {
          if (failure != null) {
            learn(target, RatchetException.of(failure));
          }
        });
  }

  private void learn(int tried, RatchetException error) {
    switch (error.code()) {
      case NOT_LEADER ->
          leader = error.hint().isEmpty() ? after(tried) : Integer.parseInt(error.hint());
      case TIMEOUT, CONNECTION_LOST, UNAVAILABLE, PROTOCOL_ERROR, INTERNAL -> {
        if (tried == leader) {
          leader = after(tried);
        }
      }
      default -> {}
    }
  }

  private int after(int tried) {
    return (tried + 1) % world.stores().size();
  }
}
