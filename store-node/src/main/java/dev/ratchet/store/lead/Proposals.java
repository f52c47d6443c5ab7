package dev.ratchet.store.lead;

import dev.ratchet.proto.RatchetException;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.Result;
import java.util.concurrent.CompletableFuture;

/** The way into the log. Thread-safe. */
public interface Proposals {
  /**
   * Proposes a command if this member leads. The future gives its result, applied here, and fails
   * with {@link RatchetException} only: also when the command was refused by the state.
   */
  CompletableFuture<Result> propose(Command command);

  /** Proposes a command that is meant for one term of leadership only. */
  CompletableFuture<Result> propose(Command command, long term);
}
