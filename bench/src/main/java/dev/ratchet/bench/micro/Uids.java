package dev.ratchet.bench.micro;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * User ids as good as random, a sequence of its own for each thread; it costs all sides the same.
 */
@State(Scope.Thread)
public class Uids {
  /** There are so many. */
  static final int COUNT = 1_000_000;

  private static final int BITS = 31;

  private long seed = System.nanoTime() ^ Thread.currentThread().getId();

  /** The next one. */
  int next() {
    seed = seed * 6364136223846793005L + 1442695040888963407L;
    return (int) (((seed >>> (Long.SIZE - BITS)) * COUNT) >>> BITS);
  }
}
