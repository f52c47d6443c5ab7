package dev.ratchet.alloc.section;

/**
 * What an owner may issue from memory: {@code (base, maxSeq]} under one epoch. Epoch and ceiling
 * are one immutable object, so that no thread can ever see the ceiling of one epoch with the other
 * of another.
 *
 * @param epoch of the grant
 * @param maxSeq committed ceiling
 * @param lowWater above it, the next raise is asked for
 * @param open false once the section is being given back: nothing more is issued
 */
record Window(long epoch, long maxSeq, long lowWater, boolean open) {

  static Window of(long epoch, long maxSeq, long step) {
    return new Window(epoch, maxSeq, maxSeq - step / 2, true);
  }

  Window raisedTo(long newMaxSeq, long step) {
    if (newMaxSeq < maxSeq) {
      throw new IllegalStateException("a ceiling never goes down: " + maxSeq + " to " + newMaxSeq);
    }
    return new Window(epoch, newMaxSeq, newMaxSeq - step / 2, open);
  }

  Window closed() {
    return new Window(epoch, maxSeq, lowWater, false);
  }
}
