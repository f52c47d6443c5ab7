package dev.ratchet.alloc.section;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HashTableTest {
  private static final int SLOTS = 8;

  @Test
  void aKeyKeepsItsSlot() {
    HashTable table = new HashTable(SLOTS, 0);
    int slot = table.claim(7);
    assertEquals(slot, table.claim(7));
    assertEquals(slot, table.find(7));
    assertEquals(-1, table.find(8));
  }

  @Test
  void atMostTwoThirdsOfTheSlotsAreClaimed() {
    HashTable table = new HashTable(SLOTS, 0);
    int claimed = 0;
    for (long key = 1; key <= SLOTS; key++) {
      claimed += table.claim(key) >= 0 ? 1 : 0;
    }
    assertEquals(SLOTS * 2 / 3, claimed);
    assertEquals(-1, table.find(100), "a search for a key that is not there comes to an end");
  }

  /** A table without an empty slot would make every search for another key go round for ever. */
  @Test
  void threadsThatClaimTogetherNeverFillTheTable() throws Exception {
    int threads = 8;
    CyclicBarrier barrier = new CyclicBarrier(threads);
    for (int round = 0; round < 300; round++) {
      HashTable table = new HashTable(SLOTS, 0);
      List<Thread> running = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        long key = thread + 1L;
        Thread claimer =
            new Thread(
                () -> {
                  try {
                    barrier.await(10, TimeUnit.SECONDS);
                    table.claim(key);
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                });
        claimer.start();
        running.add(claimer);
      }
      for (Thread claimer : running) {
        claimer.join();
      }
      int found = 0;
      for (long key = 1; key <= threads; key++) {
        found += table.find(key) >= 0 ? 1 : 0;
      }
      assertTrue(found <= SLOTS * 2 / 3, found + " of " + SLOTS + " slots are claimed");
    }
  }

  @Test
  void aMoveLeavesMovedInEverySlotSoThatNobodyCountsOnThere() {
    HashTable old = new HashTable(SLOTS, 5);
    int slot = old.claim(7);
    assertTrue(old.compareAndSet(slot, 0, 9));
    HashTable next = old.moveTo(SLOTS * 2, old.base());
    assertEquals(HashTable.MOVED, old.number(slot));
    assertEquals(HashTable.MOVED, old.number(old.claim(8)), "a claim that races with the move");
    assertEquals(9, next.number(next.find(7)));
    assertEquals(5, next.base());
  }

  @Test
  void evictionKeepsTheHigherHalfAndCoversTheOthersByTheBase() {
    HashTable old = new HashTable(SLOTS, 5);
    Map<Long, Long> numbers = new HashMap<>(Map.of(0L, 6L, 1L, 10L, 2L, 20L, 3L, 30L));
    numbers.forEach((key, number) -> old.compareAndSet(old.claim(key), 0, number));
    HashTable next = old.evictLowerHalf();
    numbers.forEach(
        (key, number) -> {
          int slot = next.find(key);
          long kept = slot < 0 ? 0 : next.number(slot);
          assertTrue(kept == number || (kept == 0 && next.base() >= number), "key " + key);
        });
    assertEquals(20, next.base());
    assertEquals(30, next.number(next.find(3)));
  }

  @Test
  void evictionOfEqualNumbersMakesRoom() {
    HashTable full = new HashTable(SLOTS, 0);
    for (long key = 1; full.claim(key) >= 0; key++) {
      full.compareAndSet(full.find(key), 0, 50);
    }
    HashTable next = full.evictLowerHalf();
    assertTrue(next.claim(100) >= 0);
    assertEquals(50, next.base());
  }

  @Test
  void evictionOfSlotsWithoutNumbersMakesRoom() {
    HashTable full = new HashTable(SLOTS, 3);
    for (long key = 1; full.claim(key) >= 0; key++) {}
    HashTable next = full.evictLowerHalf();
    assertTrue(next.claim(100) >= 0);
    assertEquals(3, next.base());
  }
}
