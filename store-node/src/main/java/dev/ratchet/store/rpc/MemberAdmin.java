package dev.ratchet.store.rpc;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.DiskReply;
import dev.ratchet.proto.message.Empty;
import dev.ratchet.proto.message.MemberAddRequest;
import dev.ratchet.proto.message.MemberInfo;
import dev.ratchet.proto.message.MemberListReply;
import dev.ratchet.proto.message.MemberListRequest;
import dev.ratchet.proto.message.MemberRemoveRequest;
import dev.ratchet.proto.message.MemberStatus;
import dev.ratchet.proto.message.MembersReply;
import dev.ratchet.proto.message.TransferRequest;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RpcContext;
import dev.ratchet.proto.rpc.RpcServer;
import dev.ratchet.store.lead.MembershipDuty;
import dev.ratchet.store.member.MemberBook;
import dev.ratchet.store.member.MemberCalls;
import dev.ratchet.store.member.MembershipPlan;
import dev.ratchet.store.raft.RaftGroup;
import dev.ratchet.store.state.LogFormat;
import dev.ratchet.store.state.MemberSet;
import dev.ratchet.store.state.StoreMember;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** Operators' calls about who the store nodes are, and who leads them. Thread-safe. */
final class MemberAdmin {
  private final String cluster;
  private final String self;
  private final RaftGroup raft;
  private final MemberBook book;
  private final MemberCalls calls;
  private final MembershipDuty duty;
  private final MemberView view;

  MemberAdmin(StoreDoor.Parts parts) {
    this.cluster = parts.cluster();
    this.view = parts.self();
    this.self = view.status().node();
    this.raft = parts.raft();
    this.book = parts.book();
    this.calls = parts.memberCalls();
    this.duty = parts.membership();
  }

  /** Serves its calls behind a gate. */
  void serve(RpcServer.Builder server, AdminGate gate) {
    server
        .on(Calls.MEMBER_ADD, gate.guard(this::add))
        .on(Calls.MEMBER_REMOVE, gate.guard(this::remove))
        .on(Calls.MEMBER_LIST, gate.guard(this::list))
        .on(Calls.TRANSFER, gate.guard(this::transfer));
  }

  private void add(MemberAddRequest request, RpcContext<MembersReply> context) {
    StoreMember wanted =
        new StoreMember(
            request.node(), request.zone(), address(request.rpc()), address(request.raft()), "");
    if (book.recorded().member(request.node()) == null) {
      MemberSet set = settled();
      Set<HostPort> after = raftOf(set);
      after.add(wanted.raft());
      Set<HostPort> living = new HashSet<>(raft.livingVoters());
      living.add(wanted.raft());
      checkMajority(set, after, living);
    }
    context.answer(
        duty.add(wanted, answer -> checkNewcomer(wanted, answer)).thenApply(MembersReply::new));
  }

  private void checkNewcomer(StoreMember wanted, DiskReply answer) {
    String where = wanted.rpc().toString();
    if (!answer.cluster().equals(cluster) || !answer.node().equals(wanted.node())) {
      throw invalid(
          where
              + " is store node '"
              + answer.node()
              + "' of cluster '"
              + answer.cluster()
              + "', not '"
              + wanted.node()
              + "' of '"
              + cluster
              + "'");
    }
    if (answer.started()) {
      throw invalid(
          "'"
              + wanted.node()
              + "' at "
              + where
              + " has data of another life: stop it, empty its data folder, set `join: true`, and"
              + " start it again");
    }
    LogFormat theirs =
        new LogFormat(answer.logWrites(), answer.logReadsFrom(), answer.logReadsTo());
    String conflict = LogFormat.own().conflict(self, wanted.node(), theirs);
    if (conflict != null) {
      throw invalid(conflict);
    }
  }

  private void remove(MemberRemoveRequest request, RpcContext<MembersReply> context) {
    MemberSet set = book.recorded();
    StoreMember gone = set.member(request.node());
    if (gone == null && set.version() > 0) {
      context.reply(new MembersReply(set.version()));
      return;
    }
    MembershipPlan plan = duty.plan();
    boolean neverJoined = gone != null && gone.equals(plan.member());
    if (!neverJoined) {
      set = settled();
    }
    if (gone == null || set.members().size() == 1) {
      throw invalid("'" + request.node() + "' is the last store node: the store can't be without");
    }
    Set<HostPort> after = raftOf(set);
    after.remove(gone.raft());
    if (!neverJoined) {
      checkMajority(set, after, raft.livingVoters());
    }
    context.answer(duty.remove(request.node()).thenApply(MembersReply::new));
  }

  private void transfer(TransferRequest request, RpcContext<MembersReply> context) {
    MemberSet set = book.recorded();
    StoreMember next = set.member(request.node());
    if (next == null) {
      throw invalid(
          "'"
              + request.node()
              + "' is not one of the store nodes: "
              + set.members().stream().map(StoreMember::node).collect(Collectors.joining(", ")));
    }
    if (!next.node().equals(self)) {
      if (!raft.livingVoters().contains(next.raft())) {
        throw new RatchetException(
            ErrorCode.UNAVAILABLE, "'" + next.node() + "' does not answer, so it can't lead");
      }
      String why = duty.transfer(next);
      if (why != null) {
        throw new RatchetException(ErrorCode.UNAVAILABLE, why + "; try again");
      }
    }
    context.reply(new MembersReply(set.version()));
  }

  private void list(MemberListRequest request, RpcContext<MemberListReply> context) {
    MemberSet set = book.recorded();
    Set<HostPort> voters = raft.voters();
    MemberStatus leader = view.status();
    List<CompletableFuture<MemberInfo>> asked = new ArrayList<>();
    for (StoreMember member : set.members()) {
      String state = voters.contains(member.raft()) ? "member" : "joining";
      asked.add(statusOf(member, leader).thenApply(status -> info(member, state, status)));
    }
    Set<HostPort> recorded = raftOf(set);
    voters.stream()
        .filter(voter -> set.version() > 0 && !recorded.contains(voter))
        .forEach(voter -> asked.add(CompletableFuture.completedFuture(leaving(voter))));
    context.answer(
        CompletableFuture.allOf(asked.toArray(new CompletableFuture<?>[0]))
            .thenApply(
                done ->
                    new MemberListReply(
                        set.version(), asked.stream().map(CompletableFuture::join).toList())));
  }

  private CompletableFuture<MemberStatus> statusOf(StoreMember member, MemberStatus leader) {
    if (member.node().equals(self)) {
      return CompletableFuture.completedFuture(leader);
    }
    MemberView.Other other = new MemberView.Other(member.node(), member.zone(), member.rpc());
    return calls
        .call(member.rpc(), Calls.MEMBER_STATUS, new Empty(), StatusHandler.MEMBER_TIMEOUT_MILLIS)
        .handle(
            (status, failure) ->
                failure != null
                    ? other.unreachable()
                    : StatusHandler.withLag(status, leader.applied()));
  }

  private static MemberInfo info(StoreMember member, String state, MemberStatus status) {
    return new MemberInfo(
        member.node(),
        member.zone(),
        member.rpc().toString(),
        member.raft().toString(),
        member.disk(),
        state,
        status.role(),
        status.term(),
        status.applied(),
        status.lag());
  }

  private static MemberInfo leaving(HostPort voter) {
    return new MemberInfo("", "", "", voter.toString(), "", "leaving", "", 0, 0, 0);
  }

  /** The members, when no change is under way. */
  private MemberSet settled() {
    MemberSet set = book.recorded();
    MembershipPlan plan = duty.plan();
    if (set.version() == 0 || plan.kind() != MembershipPlan.Kind.NOTHING) {
      throw new RatchetException(
          ErrorCode.UNAVAILABLE,
          "another change of the store's members is under way: "
              + (set.version() == 0 ? "the first ones are being recorded" : plan.describe())
              + "; wait for `admin member list` to show members only, and try again");
    }
    return set;
  }

  private static void checkMajority(
      MemberSet set, Set<HostPort> after, Set<HostPort> livingVoters) {
    long living = after.stream().filter(livingVoters::contains).count();
    if (living <= after.size() / 2) {
      String down =
          set.members().stream()
              .filter(m -> after.contains(m.raft()) && !livingVoters.contains(m.raft()))
              .map(StoreMember::node)
              .collect(Collectors.joining(", "));
      throw invalid(
          "of the "
              + after.size()
              + " store nodes that there would be, only "
              + living
              + " answer, which is no majority: the store would stand still. Start "
              + down
              + " first");
    }
  }

  private static Set<HostPort> raftOf(MemberSet set) {
    return set.members().stream()
        .map(StoreMember::raft)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static HostPort address(String text) {
    try {
      return HostPort.parse(text);
    } catch (IllegalArgumentException e) {
      throw new RatchetException(ErrorCode.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
    }
  }

  private static RatchetException invalid(String why) {
    return new RatchetException(ErrorCode.INVALID_ARGUMENT, why);
  }
}
