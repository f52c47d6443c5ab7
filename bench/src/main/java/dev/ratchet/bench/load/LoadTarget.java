package dev.ratchet.bench.load;

import org.jspecify.annotations.Nullable;

/** What a load is put on. Thread-safe. */
@FunctionalInterface
public interface LoadTarget {
  /** Puts a call under way; the reply is told exactly once, from any thread. */
  void start(Reply reply);

  /** Where the answer of a call goes. */
  @FunctionalInterface
  interface Reply {
    /** The call is over; {@code failure} is null when it worked. */
    void done(@Nullable Throwable failure);
  }
}
