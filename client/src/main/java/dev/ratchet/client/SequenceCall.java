package dev.ratchet.client;

import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.rpc.HostPort;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One call for numbers on its way: the question, the state of its attempts, and in the end the
 * answer. The cheap form of the client's calls, for those who make millions of them: hand it to
 * {@link RatchetClient#submit}, and {@link #done} is called once.
 *
 * <p>Invariant: a call is in one place at a time (a link's queue, a batch in flight, the waiting
 * room, or done), and only the thread that works for that place touches its fields; places hand it
 * over through a {@link CallInbox} or an event loop. So nothing here is volatile or locked, and an
 * answer can only reach the attempt it belongs to.
 */
public abstract class SequenceCall {
  static final Comparator<SequenceCall> BY_WAKE_TIME =
      (a, b) -> Long.signum(a.wakeAtNanos - b.wakeAtNanos);

  /** {@link #triedEpoch} of a call whose section nobody served. */
  static final long NOT_TRIED = -1;

  private final String namespace;
  private final byte[] key;
  private final int count;

  long startNanos;
  long deadlineNanos;

  // Where it goes, decided anew at each attempt.
  int namespaceId;
  int section;
  long keyNumber;
  long triedEpoch = NOT_TRIED;
  @Nullable HostPort triedAddress;

  // What happened so far.
  int failures;
  int failuresInEpoch;
  long failedEpoch = NOT_TRIED;
  boolean maybeIssued;
  @Nullable RatchetException lastCause;

  // What it waits for.
  long wakeAtNanos;
  long refreshTicket;

  @Nullable SequenceCall next;

  private long value;
  private long epoch;
  private boolean upperBound;
  private @Nullable RatchetException error;

  /**
   * A call that is not yet under way.
   *
   * @param namespace name of the namespace
   * @param key as a caller writes it; not copied, and must not change
   * @param count numbers to take; 0 asks for the last one issued
   */
  protected SequenceCall(String namespace, byte[] key, int count) {
    this.namespace = namespace;
    this.key = key;
    this.count = count;
  }

  /**
   * Called once, when the answer is there; on an event loop or in submit, so it must not block.
   * What it throws is logged, and changes nothing.
   */
  protected abstract void done();

  public final String namespace() {
    return namespace;
  }

  /** The key, shared. */
  public final byte[] key() {
    return key;
  }

  /** How many numbers it takes; must not change once the call is under way. */
  public int count() {
    return count;
  }

  /** Why it failed, or null; once done. */
  public final @Nullable RatchetException error() {
    return error;
  }

  /** The first number taken, or for count 0 the last one issued; once done without an error. */
  public final long value() {
    return value;
  }

  /** The epoch that answered; once done without an error. */
  public final long epoch() {
    return epoch;
  }

  /** For count 0: the value is a bound at or above the last number; once done without an error. */
  public final boolean isUpperBound() {
    return upperBound;
  }

  final void succeed(long number, long answeredEpoch, boolean bound) {
    value = number;
    epoch = answeredEpoch;
    upperBound = bound;
  }

  final void fail(RatchetException cause) {
    error = cause;
  }
}
