package dev.ratchet.alloc.section;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * One generation of a {@link HashCounters} map: slots of a key and its number, and the base of keys
 * without one, so that slots and base change together. Slots are claimed and counted by any thread;
 * a move is made by one at a time, which its caller sees to.
 *
 * <p>Invariants: at most two thirds of the slots are ever claimed, so that every search meets an
 * empty one; a move leaves {@link #MOVED} in every number, so that nobody counts on behind it.
 */
final class HashTable {
  static final long MOVED = -1;

  /** Marks a slot of {@code keys} that nobody claimed; a key like any other to callers. */
  private static final long EMPTY = 0;

  private static final long SLOT_BYTES = 16;
  private static final VarHandle LONG = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] keys;

  /** By slot; the one more is for the key {@link #EMPTY}, which can't stand in {@code keys}. */
  private final long[] numbers;

  private final long base;
  private final AtomicInteger claimed = new AtomicInteger();

  /** {@code slots} is a power of two. */
  HashTable(int slots, long base) {
    this.keys = new long[slots];
    this.numbers = new long[slots + 1];
    this.base = base;
  }

  int slots() {
    return keys.length;
  }

  long bytes() {
    return bytes(keys.length);
  }

  static long bytes(int slots) {
    return (slots + 1L) * SLOT_BYTES;
  }

  long base() {
    return base;
  }

  /** Whether any slot was ever claimed. */
  boolean isUsed() {
    return claimed.get() > 0 || number(keys.length) != 0;
  }

  long number(int slot) {
    return (long) LONG.getVolatile(numbers, slot);
  }

  boolean compareAndSet(int slot, long seen, long number) {
    return LONG.compareAndSet(numbers, slot, seen, number);
  }

  /** The slot of a key, claimed if it has none; -1 when two thirds of the slots are claimed. */
  int claim(long key) {
    if (key == EMPTY) {
      return keys.length;
    }
    int mask = keys.length - 1;
    for (int slot = home(key); ; slot = (slot + 1) & mask) {
      long found = (long) LONG.getVolatile(keys, slot);
      if (found == EMPTY) {
        if (!reserve()) {
          return -1;
        }
        found = (long) LONG.compareAndExchange(keys, slot, EMPTY, key);
        if (found == EMPTY) {
          return slot;
        }
        claimed.decrementAndGet();
      }
      if (found == key) {
        return slot;
      }
    }
  }

  /** Counts a slot before it is claimed, so that claims made together can't go past the bound. */
  private boolean reserve() {
    if (claimed.incrementAndGet() * 3L <= keys.length * 2L) {
      return true;
    }
    claimed.decrementAndGet();
    return false;
  }

  /** The slot of a key, or -1. */
  int find(long key) {
    if (key == EMPTY) {
      return keys.length;
    }
    int mask = keys.length - 1;
    for (int slot = home(key); ; slot = (slot + 1) & mask) {
      long found = (long) LONG.getVolatile(keys, slot);
      if (found == key) {
        return slot;
      }
      if (found == EMPTY) {
        return -1;
      }
    }
  }

  private int home(long key) {
    // A section's hashes are alike in their low bits, since those chose the section.
    return (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & (keys.length - 1);
  }

  /** Moves all numbers above a base to a new table; calls in this one find {@link #MOVED}. */
  HashTable moveTo(int slots, long newBase) {
    return rebuilt(takeAll(), slots, newBase);
  }

  /** Moves the higher half of the numbers to a new table whose base covers the others. */
  HashTable evictLowerHalf() {
    long[] taken = takeAll();
    long[] sorted = Arrays.stream(taken).filter(number -> number > 0).sorted().toArray();
    long floor = sorted.length == 0 ? base : Math.max(base, sorted[sorted.length / 2]);
    return rebuilt(taken, keys.length, floor);
  }

  private long[] takeAll() {
    long[] taken = new long[numbers.length];
    for (int slot = 0; slot < taken.length; slot++) {
      taken[slot] = (long) LONG.getAndSet(numbers, slot, MOVED);
    }
    return taken;
  }

  private HashTable rebuilt(long[] taken, int slots, long newBase) {
    HashTable next = new HashTable(slots, newBase);
    for (int slot = 0; slot < taken.length; slot++) {
      if (taken[slot] > newBase) {
        next.numbers[next.claim(keyAt(slot))] = taken[slot];
      }
    }
    return next;
  }

  private long keyAt(int slot) {
    return slot == keys.length ? EMPTY : keys[slot];
  }

  void forEach(Counters.Visitor visitor) {
    // Flipped, so that signed order sorts them as unsigned.
    long[] present =
        IntStream.range(0, numbers.length)
            .filter(slot -> number(slot) > 0)
            .mapToLong(slot -> keyAt(slot) ^ Long.MIN_VALUE)
            .sorted()
            .toArray();
    for (long flipped : present) {
      long key = flipped ^ Long.MIN_VALUE;
      visitor.visit(key, number(find(key)));
    }
  }
}
