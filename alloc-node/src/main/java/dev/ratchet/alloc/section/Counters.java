package dev.ratchet.alloc.section;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The last numbers of the keys of one section under one epoch. Thread-safe, without locks on the
 * way of a call.
 *
 * <p>Invariants: a key's last number never goes down; no two calls take the same number of a key; a
 * key without a counter has {@link #base()} as its floor.
 */
abstract class Counters {
  /** One call of so many is counted, for all of them. */
  private static final int SAMPLE_BITS = 4;

  private static final long SAMPLE = 1 << SAMPLE_BITS;
  private static final VarHandle CALLS;

  static {
    try {
      CALLS = MethodHandles.lookup().findVarHandle(Counters.class, "calls", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("UnusedVariable") // CALLS reads and writes it
  private volatile long calls;

  /** {@link #take} found the ceiling too low. */
  static final long ABOVE_CEILING = 0;

  /** {@link #take} found no memory left for the key. */
  static final long NO_MEMORY = -1;

  /** {@link #last} knows no number of the key. */
  static final long NONE = -1;

  /** Sees the keys that have a counter. */
  interface Visitor {
    void visit(long key, long last);
  }

  /**
   * Takes {@code count} numbers of a key, all at or below the ceiling.
   *
   * @return the first of them, {@link #ABOVE_CEILING} or {@link #NO_MEMORY}
   */
  abstract long take(long key, int count, long ceiling);

  /** The last number of a key, or {@link #NONE}. */
  abstract long last(long key);

  /**
   * Every number at or below it may have been issued for keys without a counter. Never goes down.
   */
  abstract long base();

  /** Whether any key may have a counter. */
  abstract boolean isUsed();

  /** Visits all counters in ascending unsigned order of keys, while no call is inside. */
  abstract void forEach(Visitor visitor);

  /** Sets a key's last number while no call can be inside; false when memory is out. */
  abstract boolean load(long key, long last);

  /** Counts a call that took numbers, by chance: most write nothing that others write. */
  final void sample(long key, long number) {
    // As good as random over keys and numbers.
    if (((key ^ number) * 0x9E3779B97F4A7C15L) >>> (Long.SIZE - SAMPLE_BITS) == 0) {
      long unused = (long) CALLS.getAndAdd(this, SAMPLE);
    }
  }

  /** About how many calls took numbers since this was asked last. */
  final long takeCalls() {
    return (long) CALLS.getAndSet(this, 0L);
  }

  /** Gives the memory back; the counters must not be used any more. */
  abstract void discard();
}
