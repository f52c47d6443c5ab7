package dev.ratchet.store.raft;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Proposals whose outcome is awaited. Thread-safe.
 *
 * <p>Invariants: at most {@link #MAX_ENTRIES} entries of {@link #MAX_BYTES} bytes together; each is
 * given up on after {@link #MAX_WAIT_MILLIS}, so no caller waits for ever on a stuck disk.
 */
final class InFlight {
  /** Entries proposed and not yet applied. */
  static final int MAX_ENTRIES = 1_024;

  /** Of these, how many may be of normal urgency: the rest is kept free for the urgent. */
  static final int MAX_NORMAL_ENTRIES = MAX_ENTRIES * 3 / 4;

  /** Bytes of them together. */
  static final long MAX_BYTES = 64L << 20;

  /** Longest wait for an outcome. */
  static final long MAX_WAIT_MILLIS = 5_000;

  private final AtomicInteger entries = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final ConcurrentLinkedQueue<Proposal> oldestFirst = new ConcurrentLinkedQueue<>();

  int entries() {
    return entries.get();
  }

  /** Counts a proposal in, and out again when it is done; {@code OVERLOADED} past a limit. */
  void add(Proposal proposal) {
    int countNow = entries.incrementAndGet();
    long bytesNow = bytes.addAndGet(proposal.bytes());
    int most = proposal.urgency() == Urgency.URGENT ? MAX_ENTRIES : MAX_NORMAL_ENTRIES;
    if (countNow > most || bytesNow > MAX_BYTES) {
      remove(proposal);
      throw new RatchetException(
          ErrorCode.OVERLOADED,
          "the store has "
              + (countNow - 1)
              + " commands in flight, and the limit is "
              + most
              + " or "
              + MAX_BYTES
              + " bytes; try again later");
    }
    oldestFirst.add(proposal);
    proposal.outcome().whenComplete((result, failure) -> remove(proposal));
  }

  private void remove(Proposal proposal) {
    entries.decrementAndGet();
    bytes.addAndGet(-proposal.bytes());
  }

  /** Gives up on proposals that have waited too long. One thread at a time. */
  void giveUp(long nowNanos) {
    long limit = TimeUnit.MILLISECONDS.toNanos(MAX_WAIT_MILLIS);
    for (Proposal oldest = oldestFirst.peek(); oldest != null; oldest = oldestFirst.peek()) {
      if (!oldest.isDone()) {
        if (nowNanos - oldest.startedNanos() < limit) {
          return;
        }
        oldest.fail(unknown("it was not committed within " + MAX_WAIT_MILLIS + " ms"));
      }
      oldestFirst.poll();
    }
  }

  /** Gives up on all of them: the node closes. */
  void giveUpAll() {
    for (Proposal next = oldestFirst.poll(); next != null; next = oldestFirst.poll()) {
      next.fail(unknown("the store node closed"));
    }
  }

  private static RatchetException unknown(String why) {
    return new RatchetException(
        ErrorCode.UNKNOWN_OUTCOME,
        "the outcome of the command is unknown: " + why + "; it may take effect yet");
  }
}
