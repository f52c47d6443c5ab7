package dev.ratchet.store.lead;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.store.raft.RaftGroup;
import dev.ratchet.store.raft.Urgency;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.EntryCodec;
import dev.ratchet.store.state.Result;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Gets commands into the log, or says who can. Thread-safe. */
public final class Proposer implements Proposals {
  private final RaftGroup raft;
  private final Function<HostPort, @Nullable HostPort> rpcByRaft;

  /** {@code rpcByRaft}: a member's address for callers, by its Raft address; null if unknown. */
  public Proposer(RaftGroup raft, Function<HostPort, @Nullable HostPort> rpcByRaft) {
    this.raft = raft;
    this.rpcByRaft = rpcByRaft;
  }

  @Override
  public CompletableFuture<Result> propose(Command command) {
    return propose(command, raft.leaderTerm());
  }

  @Override
  public CompletableFuture<Result> propose(Command command, long term) {
    if (term == 0) {
      return CompletableFuture.failedFuture(notLeader());
    }
    return raft.propose(EntryCodec.encode(command), urgencyOf(command), term)
        .handle(this::resultOf);
  }

  private static Urgency urgencyOf(Command command) {
    return command instanceof Command.Renew
            || command instanceof Command.Expire
            || command instanceof Command.Grant
        ? Urgency.URGENT
        : Urgency.NORMAL;
  }

  private Result resultOf(@Nullable Object outcome, @Nullable Throwable failure) {
    if (failure != null) {
      RatchetException error = RatchetException.of(failure);
      throw error.code() == ErrorCode.NOT_LEADER ? notLeader() : error;
    }
    if (outcome instanceof Result.Refused refused) {
      throw refused.toException();
    }
    if (outcome instanceof Result result) {
      return result;
    }
    throw new IllegalStateException("an entry of the store came to " + outcome);
  }

  /** Whether this member leads, as far as it knows. */
  public boolean isLeading() {
    return raft.leaderTerm() != 0;
  }

  /** Throws {@code NOT_LEADER}, with the leader as hint, unless this member leads. */
  public void checkLeading() {
    if (!isLeading()) {
      throw notLeader();
    }
  }

  /** Whom to ask instead. */
  public RatchetException notLeader() {
    HostPort raftAddress = raft.leader();
    HostPort leader = raftAddress == null ? null : rpcByRaft.apply(raftAddress);
    return leader == null
        ? new RatchetException(
            ErrorCode.NOT_LEADER,
            "the store has no leader that this node knows of; try again, another node too")
        : new RatchetException(
            ErrorCode.NOT_LEADER,
            "this store node does not lead; ask the leader at " + leader,
            leader.toString());
  }
}
