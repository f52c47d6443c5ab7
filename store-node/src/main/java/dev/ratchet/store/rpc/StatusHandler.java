package dev.ratchet.store.rpc;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.AllocStatus;
import dev.ratchet.proto.message.Empty;
import dev.ratchet.proto.message.MemberStatus;
import dev.ratchet.proto.message.SectionRun;
import dev.ratchet.proto.message.StatusReply;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.RpcContext;
import dev.ratchet.proto.rpc.RpcHandler;
import dev.ratchet.proto.time.MonotonicClock;
import dev.ratchet.store.lead.Proposer;
import dev.ratchet.store.member.MemberCalls;
import dev.ratchet.store.placement.LeaseWatch;
import dev.ratchet.store.state.Lease;
import dev.ratchet.store.state.StateReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Serves the state of the cluster as the leader sees it; it asks the other members for theirs. */
final class StatusHandler implements RpcHandler<Empty, StatusReply> {
  /** How long another member may take to answer before it is shown as unreachable. */
  static final long MEMBER_TIMEOUT_MILLIS = 500;

  private final String cluster;
  private final MemberView self;
  private final Proposer proposer;
  private final RouteTable routes;
  private final StateReader reader;
  private final LeaseWatch leases;
  private final MonotonicClock clock;
  private final IntSupplier moving;
  private final Reads reads;
  private final Supplier<List<MemberView.Other>> others;
  private final MemberCalls calls;

  StatusHandler(StoreDoor.Parts parts, Reads reads) {
    this.cluster = parts.cluster();
    this.self = parts.self();
    this.proposer = parts.proposer();
    this.routes = parts.routes();
    this.reader = parts.reader();
    this.leases = parts.leases();
    this.clock = parts.clock();
    this.moving = parts.duties()::moving;
    this.reads = reads;
    this.others = parts.others();
    this.calls = parts.memberCalls();
  }

  @Override
  public void handle(Empty request, RpcContext<StatusReply> context) {
    proposer.checkLeading();
    MemberStatus leader = self.status();
    List<CompletableFuture<MemberStatus>> asked = new ArrayList<>();
    others.get().forEach(other -> asked.add(ask(other, leader.applied())));
    CompletableFuture.allOf(asked.toArray(new CompletableFuture<?>[0]))
        .thenRun(
            () -> {
              List<MemberStatus> members = new ArrayList<>();
              members.add(leader);
              asked.forEach(answer -> members.add(answer.join()));
              members.sort(java.util.Comparator.comparing(MemberStatus::node));
              reads.run(context, () -> context.reply(reply(members)));
            });
  }

  private CompletableFuture<MemberStatus> ask(MemberView.Other other, long leaderApplied) {
    return calls
        .call(other.rpc(), Calls.MEMBER_STATUS, new Empty(), MEMBER_TIMEOUT_MILLIS)
        .handle(
            (status, failure) ->
                failure != null ? other.unreachable() : withLag(status, leaderApplied));
  }

  /** A member's status, with how far it is behind. */
  static MemberStatus withLag(MemberStatus status, long leaderApplied) {
    return new MemberStatus(
        status.node(),
        status.zone(),
        status.address(),
        status.role(),
        status.term(),
        status.applied(),
        Math.max(0, leaderApplied - status.applied()));
  }

  private StatusReply reply(List<MemberStatus> members) {
    Map<Integer, Integer> owned = new HashMap<>();
    for (SectionRun run : routes.since(0).runs()) {
      owned.merge(run.owner(), run.count(), Integer::sum);
    }
    int sections = routes.namespaces().stream().mapToInt(Namespace::sectionCount).sum();
    List<AllocStatus> allocs = new ArrayList<>();
    int served = 0;
    for (Lease lease : reader.leases()) {
      int count = owned.getOrDefault(lease.incarnation(), 0);
      served += count;
      allocs.add(allocOf(lease, count));
    }
    return new StatusReply(
        cluster,
        routes.version(),
        members,
        allocs,
        sections,
        Math.max(0, sections - served),
        moving.getAsInt());
  }

  private AllocStatus allocOf(Lease lease, int sections) {
    return new AllocStatus(
        lease.node(),
        lease.zone(),
        lease.host() + ":" + lease.port(),
        lease.incarnation(),
        leases.leaseLeftMillis(lease.incarnation(), clock.nanos()),
        sections,
        lease.drained());
  }
}
