package dev.ratchet.jepsen.broken;

import dev.ratchet.store.state.SectionRecord;
import net.bytebuddy.asm.Advice;

/** The epoch and the ceiling go up, and the base stays where it was. */
final class SplitGrant {
  @Advice.OnMethodExit
  @SuppressWarnings("UnusedVariable") // inlined: what it sets is the method's own answer
  static void exit(
      @Advice.This SectionRecord old, @Advice.Return(readOnly = false) SectionRecord granted) {
    granted =
        new SectionRecord(
            granted.owner(),
            granted.epoch(),
            old.base(),
            granted.maxSeq(),
            granted.handoverChunks(),
            granted.handoverEpoch(),
            granted.changedAt(),
            granted.halted());
  }
}
