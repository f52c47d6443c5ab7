package dev.ratchet.testkit.sim;

import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.alloc.store.StoreApi;
import dev.ratchet.proto.message.ConfirmReply;
import dev.ratchet.proto.message.ConfirmRequest;
import dev.ratchet.proto.message.Grant;
import dev.ratchet.proto.message.GrantsReply;
import dev.ratchet.proto.message.GrantsRequest;
import dev.ratchet.proto.message.HandoverReply;
import dev.ratchet.proto.message.HandoverRequest;
import dev.ratchet.proto.message.RaiseItem;
import dev.ratchet.proto.message.RaiseReply;
import dev.ratchet.proto.message.RaiseRequest;
import dev.ratchet.proto.message.RaiseResult;
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
import dev.ratchet.proto.time.MonotonicClock;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.EntryCodec;
import dev.ratchet.store.state.Lease;
import dev.ratchet.store.state.Result;
import dev.ratchet.store.state.SectionRecord;
import dev.ratchet.store.state.StateReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Carries out a {@link Mutation} around the production code, which has no switch for any of it. */
final class Sabotage {
  private final Mutation mutation;
  private final Map<Long, Long> ceilingsAtRenewal = new HashMap<>();
  private boolean issuing;

  Sabotage(Mutation mutation) {
    this.mutation = mutation;
  }

  Mutation mutation() {
    return mutation;
  }

  private boolean is(Mutation asked) {
    return mutation == asked;
  }

  // Around the allocation node.

  void issuing(Runnable serving) {
    issuing = true;
    try {
      serving.run();
    } finally {
      issuing = false;
    }
  }

  /** A clock by which a lease that was renewed once looks valid for ever, where it is checked. */
  MonotonicClock clock(SimProcess process) {
    if (!is(Mutation.NO_LEASE_CHECK)) {
      return process;
    }
    return () -> issuing ? process.nanos() - 600_000_000_000L : process.nanos();
  }

  long newProcess(long random, long fixed) {
    return is(Mutation.SAME_PROCESS_NUMBER) ? fixed : random;
  }

  StoreApi store(StoreApi real, SimAlloc node) {
    boolean broken = is(Mutation.LEASE_FROM_ANSWER) || is(Mutation.STRICT_WITHOUT_BARRIER);
    return broken ? new BrokenLink(real, node, mutation) : real;
  }

  RegisterRequest register(RegisterRequest request) {
    return is(Mutation.SHORT_STORE_WAIT)
        ? new RegisterRequest(
            request.node(),
            request.zone(),
            request.host(),
            request.port(),
            request.process(),
            request.holderMillis() / 4)
        : request;
  }

  // Around the store.

  /** The entry as a broken state machine would understand it. */
  byte[] entry(int index, SimStore store, byte[] bytes, StateReader reader) {
    if (is(Mutation.REPLICA_SKIPS_ENTRY) && store.index() == 1 && index % 97 == 0) {
      return EntryCodec.encode(
          new Command.Renew(dev.ratchet.proto.route.RouteTable.MAX_INCARNATION));
    }
    if (is(Mutation.EXPIRE_IGNORES_RENEWALS)
        && EntryCodec.decode(bytes) instanceof Command.Expire expire) {
      Lease lease = reader.lease(expire.incarnation());
      return lease == null
          ? bytes
          : EntryCodec.encode(new Command.Expire(lease.incarnation(), lease.renewal()));
    }
    if (is(Mutation.RAISE_IGNORES_EPOCH)
        && EntryCodec.decode(bytes) instanceof Command.Raise raise) {
      return EntryCodec.encode(raiseAsOwner(raise, reader));
    }
    return bytes;
  }

  /** A raise by whom it may concern: the target counts, the epoch does not. */
  private static Command raiseAsOwner(Command.Raise raise, StateReader reader) {
    if (raise.items().size() != 1) {
      return raise;
    }
    RaiseItem item = raise.items().get(0);
    SectionRecord record = reader.section(item.namespaceId(), item.section());
    if (record == null || record.owner() == 0 || record.epoch() == item.epoch()) {
      return raise;
    }
    long target = Math.max(record.maxSeq(), item.target());
    return new Command.Raise(
        record.owner(),
        List.of(
            new RaiseItem(
                item.namespaceId(), item.section(), record.epoch(), record.maxSeq(), target)));
  }

  /** What the proposer is told. */
  Result result(byte[] bytes, Result result) {
    if (is(Mutation.RAISE_IGNORES_EPOCH) && result instanceof Result.Raised raised) {
      return new Result.Raised(
          raised.results().stream()
              .map(one -> new RaiseResult(0, one.epoch(), one.maxSeq()))
              .toList());
    }
    return result;
  }

  /** What is answered before it is decided; null where the log decides. */
  @Nullable Result undecided(Command command, @Nullable SimStore leader, SimStore proposer) {
    boolean isLeader = leader != null && leader.index() == proposer.index();
    if (is(Mutation.RAISE_BEFORE_COMMIT) && !isLeader && command instanceof Command.Raise raise) {
      return new Result.Raised(
          raise.items().stream()
              .map(item -> new RaiseResult(0, item.epoch(), item.target()))
              .toList());
    }
    return null;
  }

  /** Takes note of ceilings when an owner renews, as a cache would. */
  void applied(Result result, StateReader reader) {
    if (is(Mutation.SPLIT_GRANT) && result instanceof Result.Renewed renewed) {
      int owner = renewed.lease().incarnation();
      reader.sections(
          (namespace, section, record) -> {
            if (record.owner() == owner) {
              ceilingsAtRenewal.put(((long) namespace << 32) + section, record.maxSeq());
            }
          });
    }
  }

  GrantsReply grants(GrantsReply reply) {
    if (is(Mutation.GRANT_WITHOUT_BASE)) {
      return rewrite(reply, grant -> grant.handoverChunks() > 0 ? grant.base() : 0);
    }
    if (is(Mutation.SPLIT_GRANT)) {
      return rewrite(reply, this::cachedBase);
    }
    if (is(Mutation.HANDOVER_LOSES_CHUNK)) {
      List<Grant> grants = new ArrayList<>();
      for (Grant grant : reply.grants()) {
        grants.add(withChunks(grant, Math.max(0, grant.handoverChunks() - 1)));
      }
      return new GrantsReply(reply.version(), grants);
    }
    return reply;
  }

  private long cachedBase(Grant grant) {
    long key = ((long) grant.namespaceId() << 32) + grant.section();
    long cached = ceilingsAtRenewal.getOrDefault(key, grant.base());
    return grant.handoverChunks() > 0 ? grant.base() : Math.min(cached, grant.base());
  }

  private static GrantsReply rewrite(
      GrantsReply reply, java.util.function.ToLongFunction<Grant> base) {
    List<Grant> grants = new ArrayList<>();
    for (Grant grant : reply.grants()) {
      grants.add(
          new Grant(
              grant.namespaceId(),
              grant.section(),
              grant.epoch(),
              base.applyAsLong(grant),
              grant.maxSeq(),
              grant.handoverChunks()));
    }
    return new GrantsReply(reply.version(), grants);
  }

  private static Grant withChunks(Grant grant, int chunks) {
    return new Grant(
        grant.namespaceId(), grant.section(), grant.epoch(), grant.base(), grant.maxSeq(), chunks);
  }

  /** Counts the lease from when the answer came, or confirms without asking. */
  private record BrokenLink(StoreApi real, SimAlloc node, Mutation mutation) implements StoreApi {
    @Override
    public CompletableFuture<ConfirmReply> confirm(ConfirmRequest request) {
      return mutation == Mutation.STRICT_WITHOUT_BARRIER
          ? CompletableFuture.completedFuture(new ConfirmReply(List.of()))
          : real.confirm(request);
    }

    @Override
    public CompletableFuture<WitnessReply> witness(WitnessRequest request) {
      return real.witness(request);
    }

    @Override
    public CompletableFuture<RenewReply> renew(RenewRequest request) {
      return real.renew(request)
          .whenComplete(
              (reply, failure) -> {
                Tenure tenure = node.tenure();
                if (mutation == Mutation.LEASE_FROM_ANSWER
                    && failure == null
                    && tenure != null
                    && tenure.incarnation() == request.incarnation()) {
                  tenure.lease().renewed(node.process().nanos());
                }
              });
    }

    @Override
    public CompletableFuture<RegisterReply> register(RegisterRequest request) {
      return real.register(request);
    }

    @Override
    public CompletableFuture<GrantsReply> grants(GrantsRequest request) {
      return real.grants(request);
    }

    @Override
    public CompletableFuture<HandoverReply> handover(HandoverRequest request) {
      return real.handover(request);
    }

    @Override
    public CompletableFuture<RaiseReply> raise(RaiseRequest request) {
      return real.raise(request);
    }

    @Override
    public CompletableFuture<ReleaseReply> release(ReleaseRequest request) {
      return real.release(request);
    }

    @Override
    public CompletableFuture<RouteDelta> routes(RoutesRequest request) {
      return real.routes(request);
    }
  }
}
