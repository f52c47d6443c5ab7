package dev.ratchet.alloc.section;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Threads take numbers of few keys at once: no number is taken twice, and each thread sees the
 * numbers of a key rise. Run with {@code -Dratchet.seed=N} to repeat a run's choice of keys.
 */
@Timeout(60)
class CountersStressTest {
  private static final int THREADS = 4;
  private static final int TAKES = 60_000;
  private static final long SEED = Long.getLong("ratchet.seed", System.nanoTime());

  @Test
  void usersShareNoNumber() throws Exception {
    CounterMemory memory = new CounterMemory(1 << 24);
    run(new UidCounters(memory, 0, 2_000, 10), 1_500, true);
  }

  @Test
  void keysShareNoNumberWhileTheTableGrows() throws Exception {
    for (int round = 0; round < 4; round++) {
      run(new HashCounters(new CounterMemory(1 << 24), 10), 20_000, true);
    }
  }

  @Test
  void keysShareNoNumberWhileLowNumbersAreEvicted() throws Exception {
    for (int round = 0; round < 4; round++) {
      run(new HashCounters(new CounterMemory(4_096), 10), 3_000, false);
    }
  }

  @Test
  void keysShareNoNumberInTheSmallestTableUnderEviction() throws Exception {
    run(new HashCounters(new CounterMemory(0), 10), 40, false);
  }

  /** What one thread took: key and number, in order. */
  private static final class Taken {
    final long[] keys = new long[TAKES];
    final long[] numbers = new long[TAKES];
  }

  private static void run(Counters counters, int keys, boolean exact) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Future<Taken>> results = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      SplittableRandom random = new SplittableRandom(SEED + thread);
      Callable<Taken> taker =
          () -> {
            start.await();
            return take(counters, keys, random);
          };
      results.add(threads.submit(taker));
    }
    List<Taken> all = new ArrayList<>();
    for (Future<Taken> result : results) {
      all.add(result.get());
    }
    threads.shutdown();
    assertUnique(all, keys);
    assertLastIsHighest(counters, all, keys, exact);
  }

  private static Taken take(Counters counters, int keys, SplittableRandom random) {
    long[] seen = new long[keys];
    Taken taken = new Taken();
    for (int i = 0; i < TAKES; i++) {
      int key = random.nextInt(keys);
      long number = counters.take(key, 1, Limits.MAX_NUMBER);
      if (number <= seen[key] || number <= 10) {
        throw new AssertionError(
            "key " + key + " went from " + seen[key] + " to " + number + ", seed " + SEED);
      }
      seen[key] = number;
      taken.keys[i] = key;
      taken.numbers[i] = number;
    }
    return taken;
  }

  private static void assertUnique(List<Taken> all, int keys) {
    long[] packed = new long[THREADS * TAKES];
    int at = 0;
    for (Taken taken : all) {
      for (int i = 0; i < TAKES; i++) {
        packed[at++] = taken.numbers[i] * keys + taken.keys[i];
      }
    }
    Arrays.sort(packed);
    for (int i = 1; i < packed.length; i++) {
      if (packed[i] == packed[i - 1]) {
        throw new AssertionError(
            "key " + packed[i] % keys + " got " + packed[i] / keys + " twice, seed " + SEED);
      }
    }
  }

  private static void assertLastIsHighest(
      Counters counters, List<Taken> all, int keys, boolean exact) {
    long[] highest = new long[keys];
    for (Taken taken : all) {
      for (int i = 0; i < TAKES; i++) {
        int key = (int) taken.keys[i];
        highest[key] = Math.max(highest[key], taken.numbers[i]);
      }
    }
    for (int key = 0; key < keys; key++) {
      long last = Math.max(counters.last(key), counters.base());
      assertTrue(last >= highest[key], "key " + key + ", seed " + SEED);
      if (exact && highest[key] > 0) {
        assertEquals(highest[key], last, "key " + key + ", seed " + SEED);
      }
    }
  }
}
