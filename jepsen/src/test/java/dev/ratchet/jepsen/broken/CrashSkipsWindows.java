package dev.ratchet.jepsen.broken;

import dev.ratchet.store.state.SectionRecord;
import net.bytebuddy.asm.Advice;

/** Numbers stay unique and in order, and far more of them are lost than need be. */
final class CrashSkipsWindows {
  @Advice.OnMethodExit
  @SuppressWarnings("UnusedVariable") // inlined: what it sets is the method's own answer
  static void exit(
      @Advice.Argument(1) long step, @Advice.Return(readOnly = false) SectionRecord granted) {
    granted =
        new SectionRecord(
            granted.owner(),
            granted.epoch(),
            granted.base() + 5 * step,
            granted.maxSeq() + 5 * step,
            granted.handoverChunks(),
            granted.handoverEpoch(),
            granted.changedAt(),
            granted.halted());
  }
}
