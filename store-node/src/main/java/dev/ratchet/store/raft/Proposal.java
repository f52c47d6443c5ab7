package dev.ratchet.store.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.error.RaftError;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import java.util.concurrent.CompletableFuture;

/** An entry proposed by this member, until its outcome is known or given up on. */
final class Proposal implements Closure {
  private final CompletableFuture<Object> outcome = new CompletableFuture<>();
  private final int bytes;
  private final Urgency urgency;
  private final long startedNanos;

  Proposal(int bytes, Urgency urgency, long startedNanos) {
    this.bytes = bytes;
    this.urgency = urgency;
    this.startedNanos = startedNanos;
  }

  CompletableFuture<Object> outcome() {
    return outcome;
  }

  int bytes() {
    return bytes;
  }

  Urgency urgency() {
    return urgency;
  }

  long startedNanos() {
    return startedNanos;
  }

  boolean isDone() {
    return outcome.isDone();
  }

  /** The entry is committed and applied, here too. */
  void applied(Object result) {
    outcome.complete(result);
  }

  void fail(RatchetException error) {
    outcome.completeExceptionally(error);
  }

  /** The library's word on an entry that this member's state did not get to apply. */
  @Override
  public void run(Status status) {
    fail(errorOf(status));
  }

  /**
   * Definite only where the library refuses an entry before it appends it. It says EPERM both then
   * and when a leader steps down with the entry in its log, so the text must tell which; a text not
   * known here is taken for the latter.
   */
  static RatchetException errorOf(Status status) {
    String words = status.getErrorMsg() == null ? "" : status.getErrorMsg();
    RaftError error = status.getRaftError();
    boolean refused =
        error == RaftError.EPERM
            && (words.equals("Is not leader.") || words.startsWith("expected_term="));
    if (refused || (error == RaftError.EBUSY && words.equals("Is transferring leadership."))) {
      return new RatchetException(
          ErrorCode.NOT_LEADER, "this store node no longer leads; ask the new leader");
    }
    if (error == RaftError.EBUSY) {
      return new RatchetException(
          ErrorCode.OVERLOADED, "the store's log is behind: " + words + "; try again");
    }
    return new RatchetException(
        ErrorCode.UNKNOWN_OUTCOME,
        "leadership of the store changed before the command was known to be committed ("
            + words
            + "); it may take effect or not");
  }
}
