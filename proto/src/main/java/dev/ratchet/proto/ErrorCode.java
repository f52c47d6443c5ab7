package dev.ratchet.proto;

import org.jspecify.annotations.Nullable;

/**
 * The closed set of errors of Ratchet's protocols. Each says whether the call certainly gave nobody
 * a number and changed nothing else ({@link Outcome#DEFINITE}), or may have ({@link
 * Outcome#UNKNOWN}), and whether trying again can help. The numbers are part of the wire format and
 * never change.
 *
 * <p>Definite does not say that no number was skipped. A node that took numbers and then finds that
 * it must not tell them (its lease ended, or no barrier confirmed its section) forgets them: no
 * answer ever carries them, so to everybody the call is as one that did not happen, and a gap.
 */
public enum ErrorCode {
  INVALID_ARGUMENT(1, Outcome.DEFINITE, Retry.NO),
  UNKNOWN_NAMESPACE(2, Outcome.DEFINITE, Retry.NO),
  INVALID_KEY(3, Outcome.DEFINITE, Retry.NO),
  INVALID_COUNT(4, Outcome.DEFINITE, Retry.NO),
  /**
   * The node does not own the section under the epoch named; newer routes ride on the same reply.
   */
  NOT_OWNER(5, Outcome.DEFINITE, Retry.YES),
  /** The node holds no valid lease just now, so it may not issue. */
  LEASE_LOST(6, Outcome.DEFINITE, Retry.YES),
  /** The store node is not the leader; the hint names the leader's address where it is known. */
  NOT_LEADER(7, Outcome.DEFINITE, Retry.YES),
  /** A bounded queue is full. */
  OVERLOADED(8, Outcome.DEFINITE, Retry.YES),
  /** The section's ceiling could not be raised before the deadline. */
  WINDOW_EXHAUSTED(9, Outcome.DEFINITE, Retry.YES),
  /** No node serves the section, or no leader the store, at the moment. */
  UNAVAILABLE(10, Outcome.DEFINITE, Retry.YES),
  /** The caller's deadline passed before an answer came. */
  TIMEOUT(11, Outcome.UNKNOWN, Retry.YES),
  /** The connection broke while a call was on it. */
  CONNECTION_LOST(12, Outcome.UNKNOWN, Retry.YES),
  /**
   * A command was proposed to the store, and leadership changed before it was known to be
   * committed.
   */
  UNKNOWN_OUTCOME(13, Outcome.UNKNOWN, Retry.YES),
  /** The command names an epoch that is not the section's. */
  STALE_EPOCH(14, Outcome.DEFINITE, Retry.NO),
  /** A raise or release names a maxSeq that is not the section's. */
  STALE_MAX_SEQ(15, Outcome.DEFINITE, Retry.NO),
  /** The command comes from an incarnation whose lease is over. */
  STALE_INCARNATION(16, Outcome.DEFINITE, Retry.NO),
  /** Another living process holds the lease of this node id. */
  NODE_ID_IN_USE(17, Outcome.DEFINITE, Retry.YES),
  NAMESPACE_EXISTS(18, Outcome.DEFINITE, Retry.NO),
  FRAME_TOO_LARGE(19, Outcome.DEFINITE, Retry.NO),
  /** Bytes that are not a frame or message of this protocol version. */
  PROTOCOL_ERROR(20, Outcome.DEFINITE, Retry.NO),
  /** The node does not serve this call. */
  UNSUPPORTED(21, Outcome.DEFINITE, Retry.NO),
  /** The numbers of the key have come near 2^62, past which none is given out. */
  NUMBERS_EXHAUSTED(22, Outcome.DEFINITE, Retry.NO),
  /** Nobody may do this here: operators' calls are switched off. */
  UNAUTHORIZED(23, Outcome.DEFINITE, Retry.NO),
  /** A fault of the server; its log says more. */
  INTERNAL(24, Outcome.UNKNOWN, Retry.NO),
  /** An operator's call carries no admin token, or a wrong one. */
  UNAUTHENTICATED(25, Outcome.DEFINITE, Retry.NO);

  /** Whether the call certainly gave nobody a number and changed nothing else. */
  public enum Outcome {
    DEFINITE,
    UNKNOWN
  }

  /** Whether the same call, sent again, may succeed. */
  public enum Retry {
    YES,
    NO
  }

  private static final @Nullable ErrorCode[] BY_NUMBER = index();

  private final int number;
  private final Outcome outcome;
  private final Retry retry;

  ErrorCode(int number, Outcome outcome, Retry retry) {
    this.number = number;
    this.outcome = outcome;
    this.retry = retry;
  }

  /** The number on the wire, above zero. */
  public int number() {
    return number;
  }

  /** Whether the call certainly gave nobody a number and changed nothing else. */
  public boolean isDefinite() {
    return outcome == Outcome.DEFINITE;
  }

  /** Whether the same call, sent again, may succeed. */
  public boolean isRetryable() {
    return retry == Retry.YES;
  }

  /**
   * The code of a wire number; a number this version does not know is {@link #INTERNAL}, whose
   * outcome is unknown.
   */
  public static ErrorCode of(int number) {
    ErrorCode code = number > 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    return code == null ? INTERNAL : code;
  }

  private static @Nullable ErrorCode[] index() {
    @Nullable ErrorCode[] codes = new ErrorCode[values().length + 1];
    for (ErrorCode code : values()) {
      codes[code.number] = code;
    }
    return codes;
  }
}
