package dev.ratchet.alloc;

import dev.ratchet.alloc.lease.LeaseKeeper;
import dev.ratchet.alloc.section.LoadMeter;
import dev.ratchet.proto.message.RegisterReply;
import dev.ratchet.proto.message.RegisterRequest;
import dev.ratchet.proto.message.RenewReply;
import dev.ratchet.proto.message.RenewRequest;
import java.util.concurrent.CompletableFuture;

/** Lets renewals carry how busy the node is. Thread-safe. */
record LoadReports(LeaseKeeper.Store store, LoadMeter meter) implements LeaseKeeper.Store {
  @Override
  public CompletableFuture<RegisterReply> register(RegisterRequest request) {
    return store.register(request);
  }

  @Override
  public CompletableFuture<RenewReply> renew(RenewRequest request) {
    LoadMeter.Load load = meter.latest();
    return store.renew(request.withLoad(load.number(), load.rate(), load.busiest()));
  }
}
