package dev.ratchet.store.placement;

import java.util.Arrays;

/** A list of section numbers that grows. Not thread-safe. */
final class Sections {
  private int[] numbers = {};
  private int size;

  void add(int section) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, Math.max(16, size * 2));
    }
    numbers[size++] = section;
  }

  int get(int index) {
    return numbers[index];
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /**
   * Some of the sections, in stripes of neighbours evenly over all of them, so that the busy ones
   * at the front are shared too.
   *
   * @param count how many, at most {@link #size()}
   * @param phase 0 to below 1: where between two picks to start
   * @param stripe how many neighbours are picked together
   */
  Sections spread(int count, double phase, int stripe) {
    Sections picked = new Sections();
    for (int from = 0; from < size && picked.size < count; from += stripe) {
      int to = Math.min(from + stripe, size);
      double due = (double) to * count / size + phase * stripe;
      int missing = count - picked.size;
      if (due - picked.size >= stripe || size - to < missing) {
        for (int i = from; i < to && picked.size < count; i++) {
          picked.add(numbers[i]);
        }
      }
    }
    return picked;
  }
}
