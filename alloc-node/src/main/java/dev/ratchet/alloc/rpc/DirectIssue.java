package dev.ratchet.alloc.rpc;

import dev.ratchet.alloc.lease.Tenure;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.alloc.window.Raiser;
import dev.ratchet.alloc.window.WaitingRoom;
import dev.ratchet.proto.rpc.DirectOwner;
import dev.ratchet.proto.time.MonotonicClock;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves callers of the same process by the rules of {@link IssueHandler}, where a number is there
 * at once: whatever must wait, be confirmed by the store, or be refused with a reason is left to
 * that one. Makes no object. Thread-safe.
 */
public final class DirectIssue implements DirectOwner {
  private final Supplier<@Nullable Tenure> tenures;
  private final Raiser raiser;
  private final WaitingRoom waitingRoom;
  private final MonotonicClock clock;
  private final LongConsumer issued;

  /** {@code issued}: told how many numbers were issued. */
  public DirectIssue(
      Supplier<@Nullable Tenure> tenures,
      Raiser raiser,
      WaitingRoom waitingRoom,
      MonotonicClock clock,
      LongConsumer issued) {
    this.tenures = tenures;
    this.raiser = raiser;
    this.waitingRoom = waitingRoom;
    this.clock = clock;
    this.issued = issued;
  }

  @Override
  public int incarnation() {
    Tenure tenure = tenures.get();
    return tenure == null ? 0 : tenure.incarnation();
  }

  /**
   * Does not ask for the lease before: {@link #confirm} is asked once the number is taken, and a
   * lease that holds then held all the time since the call came.
   */
  @Override
  public long take(int incarnation, int namespaceId, int section, long epoch, long key, int count) {
    Tenure tenure = tenures.get();
    return tenure == null || tenure.incarnation() != incarnation
        ? NOT_NOW
        : take(tenure, namespaceId, section, epoch, key, count);
  }

  /** As the other, under a lease that the caller has at hand. */
  long take(Tenure tenure, int namespaceId, int section, long epoch, long key, int count) {
    Section held = tenure.sections().get(namespaceId, section);
    // Calls that wait for a raise come first.
    if (held == null
        || held.epoch() != epoch
        || held.namespace().strict()
        || waitingRoom.isWaiting(held)) {
      return NOT_NOW;
    }
    long first = held.take(key, count);
    if (first <= 0) {
      return NOT_NOW;
    }
    raiser.wantIfLow(tenure, held, first + count - 1);
    return first;
  }

  @Override
  public boolean confirm(int incarnation, long numbers) {
    issued.accept(numbers);
    Tenure tenure = tenures.get();
    return tenure != null
        && tenure.incarnation() == incarnation
        && tenure.lease().isValid(clock.nanos());
  }
}
