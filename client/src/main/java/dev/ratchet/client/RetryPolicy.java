package dev.ratchet.client;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The one place that says whether, when and for how long calls are tried again, and what is said
 * when they are not. Pure.
 *
 * <ul>
 *   <li>An error that is not retryable ends the call.
 *   <li>If the route moved on since the attempt, the call goes there at once. That can't spin: each
 *       such retry is under a higher epoch.
 *   <li>If nobody serves the section, the call waits for a route, not for a time.
 *   <li>Otherwise it waits 2, 4, 8 … 100 ms, each cut by a random half so that callers spread out;
 *       a newer route ends the wait, and waits begin anew under it.
 *   <li>All within the one deadline of the call.
 * </ul>
 *
 * <p>An attempt to take numbers that ended unknown may be tried again: the first attempt's numbers,
 * if there are any, are then skipped, which the contract allows (gaps), and never given twice.
 */
final class RetryPolicy {
  static final long FIRST_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  static final long MAX_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Doublings from the first backoff to beyond the longest. */
  private static final int MAX_DOUBLINGS = 6;

  private RetryPolicy() {}

  /** The wait before the next attempt after so many failures, at least one. */
  static long backoffNanos(int failures, RandomGenerator random) {
    int doublings = Math.min(Math.max(failures - 1, 0), MAX_DOUBLINGS);
    long full = Math.min(FIRST_BACKOFF_NANOS << doublings, MAX_BACKOFF_NANOS);
    return full - (long) (random.nextDouble() * full / 2);
  }

  /** Takes down a failed attempt. */
  static void note(SequenceCall call, RatchetException cause) {
    call.failures++;
    if (call.failedEpoch != call.triedEpoch) {
      // A new owner that has not taken over yet is about to; the old one's failures say nothing.
      call.failedEpoch = call.triedEpoch;
      call.failuresInEpoch = 0;
    }
    call.failuresInEpoch++;
    call.lastCause = cause;
    if (!cause.code().isDefinite()) {
      call.maybeIssued = true;
    }
  }

  /** The error of a call that ends by its last cause, before the deadline. */
  static RatchetException refused(SequenceCall call, RatchetException cause) {
    if (!call.maybeIssued || call.count() == 0 || !cause.code().isDefinite()) {
      return cause;
    }
    return afterUnknown("an earlier attempt may have taken numbers", cause);
  }

  /** The error of a call that one attempt may have carried out, before another was refused. */
  static RatchetException afterUnknown(String earlier, RatchetException cause) {
    return new RatchetException(
        ErrorCode.UNKNOWN_OUTCOME,
        earlier + ", and then: " + cause.getMessage() + " (" + cause.code() + ")",
        cause.hint());
  }

  /**
   * The error of a call whose deadline passed: definite only if every attempt certainly took no
   * number.
   *
   * @param awaited an attempt is under way, without an answer
   */
  static RatchetException outOfTime(SequenceCall call, boolean awaited) {
    long millis = Math.max(0, Math.round((call.deadlineNanos - call.startNanos) / 1e6));
    RatchetException last = call.lastCause;
    int attempts = call.failures + (awaited ? 1 : 0);
    String gaveUp =
        "gave up on namespace '"
            + call.namespace()
            + "', section "
            + call.section
            + " after "
            + millis
            + " ms and "
            + attempts
            + (attempts == 1 ? " attempt" : " attempts");
    String why =
        last == null
            ? "; it waited behind other calls until its deadline"
            : "; the last cause: " + last.getMessage();
    if (awaited) {
      String before = last == null ? "" : why;
      return new RatchetException(
          ErrorCode.TIMEOUT, gaveUp + "; no answer from " + call.triedAddress + before);
    }
    if (call.maybeIssued) {
      return new RatchetException(ErrorCode.TIMEOUT, gaveUp + why);
    }
    ErrorCode code = last == null ? ErrorCode.UNAVAILABLE : last.code();
    return new RatchetException(code, gaveUp + why, last == null ? "" : last.hint());
  }
}
