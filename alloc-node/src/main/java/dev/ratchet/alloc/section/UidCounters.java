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
  static final int PAGE_BITS = 9;

  private static final int PAGE = 1 << PAGE_BITS;
  private static final long PAGE_BYTES = 8L * PAGE + 16;
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);

  private final CounterMemory memory;
  private final long firstKey;
  private final int size;
  private final long base;
  private final AtomicReference<@Nullable AtomicReferenceArray<long[]>> pages =
      new AtomicReference<>();

  UidCounters(CounterMemory memory, long firstKey, long size, long base) {
    if (size > Integer.MAX_VALUE - PAGE) {
      throw new IllegalArgumentException("a section of " + size + " user ids is too large");
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
      pages.compareAndSet(null, new AtomicReferenceArray<>((size + PAGE - 1) >>> PAGE_BITS));
      table = pages.get();
    }
    if (table == null) {
      return null; // discarded
    }
    long[] page = table.get(index);
    return page == null ? newPage(table, index) : page;
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
    AtomicReferenceArray<long[]> table = pages.get();
    for (int index = 0; table != null && index < table.length(); index++) {
      if (table.getAndSet(index, null) != null) {
        memory.release(PAGE_BYTES);
      }
    }
  }
}
