package dev.ratchet.alloc.section;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes that all counters of a node may take together. Thread-safe. */
public final class CounterMemory {
  private final long limitBytes;
  private final AtomicLong usedBytes = new AtomicLong();

  public CounterMemory(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Takes bytes from the budget, or leaves it as it is and says false. */
  boolean tryReserve(long bytes) {
    while (true) {
      long used = usedBytes.get();
      if (bytes > limitBytes - used) {
        return false;
      }
      if (usedBytes.compareAndSet(used, used + bytes)) {
        return true;
      }
    }
  }

  /** Takes bytes that can't be done without, past the limit if need be. */
  void reserve(long bytes) {
    usedBytes.addAndGet(bytes);
  }

  void release(long bytes) {
    usedBytes.addAndGet(-bytes);
  }

  /** Bytes taken now. */
  public long usedBytes() {
    return usedBytes.get();
  }

  /** Bytes there are. */
  public long limitBytes() {
    return limitBytes;
  }
}
