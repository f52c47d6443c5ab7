package dev.ratchet.alloc.lease;

import dev.ratchet.proto.Limits;
import dev.ratchet.proto.message.RegisterReply;
import dev.ratchet.proto.message.RegisterRequest;
import dev.ratchet.proto.message.RenewReply;
import dev.ratchet.proto.message.RenewRequest;
import dev.ratchet.proto.message.WitnessItem;
import dev.ratchet.proto.message.WitnessReply;
import dev.ratchet.proto.message.WitnessRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Tells the store all that this process saw committed before it asks for a lease, so that a store
 * that has gone back in time halts those sections before it grants them to anybody, and some of it
 * with each renewal. Confined to the control thread.
 */
public final class TestifyingStore implements LeaseKeeper.Store {
  /** Sections told with a renewal: all 43,000 of a node take less than three minutes. */
  static final int ITEMS_PER_RENEWAL = 64;

  private final LeaseKeeper.Store store;
  private final Function<WitnessRequest, CompletableFuture<WitnessReply>> testify;
  private final Witness witness;

  /** {@code testify}: sends a part of the testimony. */
  public TestifyingStore(
      LeaseKeeper.Store store,
      Function<WitnessRequest, CompletableFuture<WitnessReply>> testify,
      Witness witness) {
    this.store = store;
    this.testify = testify;
    this.witness = witness;
  }

  @Override
  public CompletableFuture<RegisterReply> register(RegisterRequest request) {
    List<WitnessItem> all = witness.all();
    CompletableFuture<WitnessReply> told =
        CompletableFuture.completedFuture(new WitnessReply(List.of()));
    for (int from = 0; from < all.size(); from += Limits.MAX_BATCH) {
      int end = Math.min(all.size(), from + Limits.MAX_BATCH);
      WitnessRequest part = new WitnessRequest(new ArrayList<>(all.subList(from, end)));
      told = told.thenCompose(before -> testify.apply(part));
    }
    return told.thenCompose(done -> store.register(request));
  }

  @Override
  public CompletableFuture<RenewReply> renew(RenewRequest request) {
    return store.renew(
        new RenewRequest(
            request.incarnation(), request.leaving(), witness.next(ITEMS_PER_RENEWAL)));
  }
}
