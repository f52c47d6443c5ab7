package dev.ratchet.alloc.window;

import dev.ratchet.proto.ErrorCode;

/**
 * A call that waits for its section's ceiling to be raised.
 *
 * @param key key number
 * @param count numbers asked for
 * @param deadlineNanos when to give up
 * @param answer told the outcome, once, on any thread
 */
public record WaitingCall(long key, int count, long deadlineNanos, Answer answer) {

  /** Hears how the call ended. */
  public interface Answer {
    /** The numbers {@code first … first + count - 1} are taken. */
    void taken(long first);

    /** No number was taken. */
    void refused(ErrorCode code, String message);
  }
}
