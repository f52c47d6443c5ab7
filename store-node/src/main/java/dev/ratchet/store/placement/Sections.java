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
   * Some of the sections, evenly over all of them, so that the busy ones at the front are shared
   * too.
   *
   * @param count how many, at most {@link #size()}
   * @param phase 0 to below 1: where between two picks to start
   */
  Sections spread(int count, double phase) {
    Sections picked = new Sections();
    for (int i = 0; i < count; i++) {
      picked.add(numbers[(int) ((i + phase) * size / count)]);
    }
    return picked;
  }
}
