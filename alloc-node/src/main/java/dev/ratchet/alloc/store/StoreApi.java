package dev.ratchet.alloc.store;

import dev.ratchet.alloc.handover.GrantFeed;
import dev.ratchet.alloc.lease.LeaseKeeper;
import dev.ratchet.proto.message.ConfirmReply;
import dev.ratchet.proto.message.ConfirmRequest;
import dev.ratchet.proto.message.RaiseReply;
import dev.ratchet.proto.message.RaiseRequest;
import dev.ratchet.proto.message.ReleaseReply;
import dev.ratchet.proto.message.ReleaseRequest;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.RoutesRequest;
import dev.ratchet.proto.message.WitnessReply;
import dev.ratchet.proto.message.WitnessRequest;
import java.util.concurrent.CompletableFuture;

/**
 * All that an allocation node asks of the store. Each call is one attempt, which ends by itself, at
 * any time and on any thread: with the answer, or with a {@link
 * dev.ratchet.proto.RatchetException}. Thread-safe.
 */
public interface StoreApi extends LeaseKeeper.Store, GrantFeed.Store {
  /** Lifts ceilings. */
  CompletableFuture<RaiseReply> raise(RaiseRequest request);

  /** Gives sections back. */
  CompletableFuture<ReleaseReply> release(ReleaseRequest request);

  /** Confirms epochs of strict namespaces by a committed entry. */
  CompletableFuture<ConfirmReply> confirm(ConfirmRequest request);

  /** Tells what this process saw committed. */
  CompletableFuture<WitnessReply> witness(WitnessRequest request);

  /** Follows the route table. */
  CompletableFuture<RouteDelta> routes(RoutesRequest request);
}
