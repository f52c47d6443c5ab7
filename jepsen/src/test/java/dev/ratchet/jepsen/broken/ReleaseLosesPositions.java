package dev.ratchet.jepsen.broken;

import dev.ratchet.store.state.SectionRecord;
import net.bytebuddy.asm.Advice;

/** The next owner keeps the window, and knows nothing of what was issued from it. */
final class ReleaseLosesPositions {
  @Advice.OnMethodExit
  @SuppressWarnings("UnusedVariable") // inlined: what it sets is the method's own answer
  static void exit(@Advice.Return(readOnly = false) SectionRecord granted) {
    granted =
        new SectionRecord(
            granted.owner(),
            granted.epoch(),
            granted.base(),
            granted.maxSeq(),
            0,
            granted.handoverEpoch(),
            granted.changedAt(),
            granted.halted());
  }
}
