package dev.ratchet.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Calls handed from many threads to one, without a lock or an allocation: threads push onto a
 * linked stack, and the one reader takes all of it and turns it round. Calls of one thread come out
 * in the order they went in. The push that finds the inbox empty is the one that wakes the reader,
 * so calls that come while it is busy are taken together.
 */
public final class CallInbox {
  private static final VarHandle TOP;

  static {
    try {
      TOP = MethodHandles.lookup().findVarHandle(CallInbox.class, "top", SequenceCall.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("UnusedVariable") // written through TOP
  private volatile @Nullable SequenceCall top;

  /** Puts a call in; true if the inbox was empty, and so the reader must be woken. */
  public boolean offer(SequenceCall call) {
    while (true) {
      SequenceCall old = top;
      call.next = old;
      if (TOP.compareAndSet(this, old, call)) {
        return old == null;
      }
    }
  }

  /** Takes all calls out, the oldest first; follow them by {@link #detach}. */
  public @Nullable SequenceCall takeAll() {
    SequenceCall from = (SequenceCall) TOP.getAndSet(this, (SequenceCall) null);
    SequenceCall oldest = null;
    while (from != null) {
      SequenceCall below = from.next;
      from.next = oldest;
      oldest = from;
      from = below;
    }
    return oldest;
  }

  /** Cuts a call off those taken with it, and returns the one after it. */
  public static @Nullable SequenceCall detach(SequenceCall call) {
    SequenceCall after = call.next;
    call.next = null;
    return after;
  }
}
