package dev.ratchet.client;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls sent together, in the order of their items. A call whose deadline passes leaves the batch,
 * so that its late answer finds nobody. Confined to the link's event loop.
 */
final class Batch {
  private final @Nullable SequenceCall[] calls;
  private long earliestDeadline;

  /** A batch of these calls, at least one. */
  Batch(List<SequenceCall> together) {
    calls = together.toArray(new SequenceCall[0]);
    earliestDeadline = together.get(0).deadlineNanos;
    for (SequenceCall call : together) {
      if (call.deadlineNanos - earliestDeadline < 0) {
        earliestDeadline = call.deadlineNanos;
      }
    }
  }

  int size() {
    return calls.length;
  }

  /** The call of an item before any has left. */
  SequenceCall sending(int item) {
    SequenceCall call = calls[item];
    if (call == null) {
      throw new IllegalStateException("item " + item + " has left its batch");
    }
    return call;
  }

  /** Takes the call of an item out, or null if it has left. */
  @Nullable SequenceCall take(int item) {
    SequenceCall call = calls[item];
    calls[item] = null;
    return call;
  }

  /** Takes out the calls whose deadline has passed. */
  void expire(long now, Consumer<SequenceCall> late) {
    if (now - earliestDeadline < 0) {
      return;
    }
    long earliest = Long.MAX_VALUE;
    for (int i = 0; i < calls.length; i++) {
      SequenceCall call = calls[i];
      if (call != null && now - call.deadlineNanos >= 0) {
        calls[i] = null;
        late.accept(call);
      } else if (call != null) {
        earliest = Math.min(earliest, call.deadlineNanos - now);
      }
    }
    earliestDeadline = earliest == Long.MAX_VALUE ? now + (Long.MAX_VALUE >> 1) : now + earliest;
  }
}
