package dev.ratchet.alloc.section;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Counters of a {@code uid} section: one {@code long} a user in pages made at first touch, so that
 * untouched users cost nothing. A slot holds the user's last number, 0 while there is none.
 */
final class UidCounters extends Counters {
  /** Most user ids that pages are kept for. */
  static final long MAX_SIZE = 1 << 24;

  static final int PAGE_BITS = 9;

  private static final int PAGE = 1 << PAGE_BITS;
  private static final long PAGE_BYTES = 8L * PAGE + 16;
  private static final long REFERENCE_BYTES = 8;
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);

  private final CounterMemory memory;
  private final long firstKey;
  private final int size;
  private final long base;
  private final AtomicReference<@Nullable AtomicReferenceArray<long[]>> pages =
      new AtomicReference<>();

  /** {@code size}: user ids, at most {@link #MAX_SIZE}. */
  UidCounters(CounterMemory memory, long firstKey, long size, long base) {
    if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException("a section of " + size + " user ids; max " + MAX_SIZE);
    }
    this.memory = memory;
    this.firstKey = firstKey;
    this.size = (int) size;
    this.base = base;
  }

  @Override
  long take(long key, int count, long ceiling) {
    int offset = (int) (key - firstKey);
    long[] page = page(offset >>> PAGE_BITS);
    if (page == null) {
      return NO_MEMORY;
    }
    int slot = offset & (PAGE - 1);
    while (true) {
      long seen = (long) SLOT.getVolatile(page, slot);
      long last = Math.max(seen, base);
      if (count > ceiling - last) {
        return ABOVE_CEILING;
      }
      if (SLOT.compareAndSet(page, slot, seen, last + count)) {
        return last + 1;
      }
    }
  }

  private long @Nullable [] page(int index) {
    AtomicReferenceArray<long[]> table = pages.get();
    if (table == null) {
      table = newTable();
    }
    if (table == null) {
      return null;
    }
    long[] page = table.get(index);
    return page == null ? newPage(table, index) : page;
  }

  private @Nullable AtomicReferenceArray<long[]> newTable() {
    int length = (size + PAGE - 1) >>> PAGE_BITS;
    if (!memory.tryReserve(tableBytes(length))) {
      return null;
    }
    if (!pages.compareAndSet(null, new AtomicReferenceArray<>(length))) {
      memory.release(tableBytes(length));
    }
    return pages.get();
  }

  private static long tableBytes(int length) {
    return 16 + REFERENCE_BYTES * length;
  }

  private long @Nullable [] newPage(AtomicReferenceArray<long[]> table, int index) {
    if (!memory.tryReserve(PAGE_BYTES)) {
      return null;
    }
    long[] fresh = new long[PAGE];
    if (table.compareAndSet(index, null, fresh)) {
      return fresh;
    }
    memory.release(PAGE_BYTES);
    return table.get(index);
  }

  @Override
  long last(long key) {
    AtomicReferenceArray<long[]> table = pages.get();
    int offset = (int) (key - firstKey);
    long[] page = table == null ? null : table.get(offset >>> PAGE_BITS);
    if (page == null) {
      return NONE;
    }
    long last = (long) SLOT.getVolatile(page, offset & (PAGE - 1));
    return last == 0 ? NONE : last;
  }

  @Override
  long base() {
    return base;
  }

  @Override
  boolean isUsed() {
    return pages.get() != null;
  }

  @Override
  void forEach(Visitor visitor) {
    AtomicReferenceArray<long[]> table = pages.get();
    for (int index = 0; table != null && index < table.length(); index++) {
      long[] page = table.get(index);
      for (int slot = 0; page != null && slot < PAGE; slot++) {
        long last = (long) SLOT.getVolatile(page, slot);
        if (last != 0) {
          visitor.visit(firstKey + ((long) index << PAGE_BITS) + slot, last);
        }
      }
    }
  }

  @Override
  boolean load(long key, long last) {
    int offset = (int) (key - firstKey);
    long[] page = page(offset >>> PAGE_BITS);
    if (page == null) {
      return false;
    }
    SLOT.setVolatile(page, offset & (PAGE - 1), last);
    return true;
  }

  @Override
  void discard() {
    AtomicReferenceArray<long[]> table = pages.getAndSet(null);
    if (table == null) {
      return;
    }
    memory.release(tableBytes(table.length()));
    for (int index = 0; index < table.length(); index++) {
      if (table.get(index) != null) {
        memory.release(PAGE_BYTES);
      }
    }
  }
}
