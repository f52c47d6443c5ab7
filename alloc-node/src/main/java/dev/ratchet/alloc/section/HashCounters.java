package dev.ratchet.alloc.section;

/**
 * Counters of a {@code string} section: an open-addressing map from the key's 64-bit hash to its
 * last number. Keys whose hashes collide share a counter, which is still unique and rising for
 * both.
 *
 * <p>A call touches only a slot's key and number, by compare-and-set. Growing moves every slot to a
 * new table: it takes each number away with {@link HashTable#MOVED}, so that a call can't count on
 * in the old table; a call that meets MOVED waits for the mover, which is rare and short. When
 * memory is out, the lower half of the numbers is evicted instead: their keys fall back to a base
 * raised to the highest number evicted, which skips numbers and repeats none.
 */
final class HashCounters extends Counters {
  private static final int FIRST_SLOTS = 8;
  private static final int MAX_SLOTS = 1 << 26;

  private final CounterMemory memory;
  private volatile HashTable table;

  HashCounters(CounterMemory memory, long base) {
    this.memory = memory;
    this.table = new HashTable(FIRST_SLOTS, base);
    memory.reserve(table.bytes());
  }

  @Override
  long take(long key, int count, long ceiling) {
    HashTable now = table;
    while (true) {
      int slot = now.claim(key);
      if (slot < 0) {
        now = makeRoom(now);
        continue;
      }
      long seen = now.number(slot);
      if (seen == HashTable.MOVED) {
        now = afterMove();
        continue;
      }
      long last = Math.max(seen, now.base());
      if (count > ceiling - last) {
        return ABOVE_CEILING;
      }
      if (now.compareAndSet(slot, seen, last + count)) {
        return last + 1;
      }
    }
  }

  @Override
  long last(long key) {
    HashTable now = table;
    while (true) {
      int slot = now.find(key);
      long number = slot < 0 ? 0 : now.number(slot);
      if (number != HashTable.MOVED) {
        return number == 0 ? NONE : number;
      }
      now = afterMove();
    }
  }

  @Override
  long base() {
    return table.base();
  }

  /** The table in force once the move under way is over. */
  private synchronized HashTable afterMove() {
    return table;
  }

  private synchronized HashTable makeRoom(HashTable full) {
    if (table == full) {
      long more = HashTable.bytes(2 * full.slots()) - full.bytes();
      boolean grow = full.slots() < MAX_SLOTS && memory.tryReserve(more);
      table = grow ? full.moveTo(full.slots() * 2, full.base()) : full.evictLowerHalf();
    }
    return table;
  }

  @Override
  boolean isUsed() {
    return table.isUsed();
  }

  @Override
  void forEach(Visitor visitor) {
    table.forEach(visitor);
  }

  @Override
  boolean load(long key, long last) {
    HashTable now = table;
    while (last > now.base()) {
      int slot = now.claim(key);
      long seen = slot < 0 ? 0 : now.number(slot);
      if (slot < 0) {
        now = makeRoom(now);
      } else if (seen == HashTable.MOVED) {
        now = afterMove();
      } else if (seen >= last || now.compareAndSet(slot, seen, last)) {
        return true;
      }
    }
    return true; // the base, which an eviction may have raised, covers it
  }

  @Override
  void discard() {
    memory.release(table.bytes());
  }
}
