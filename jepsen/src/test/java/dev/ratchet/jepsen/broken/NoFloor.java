package dev.ratchet.jepsen.broken;

import net.bytebuddy.asm.Advice;

/** A client that remembers no epochs. */
final class NoFloor {
  private NoFloor() {}

  static final class Accept {
    @Advice.OnMethodExit
    @SuppressWarnings("UnusedVariable") // inlined: what it sets is the method's own answer
    static void exit(@Advice.Return(readOnly = false) boolean accepted) {
      accepted = true;
    }
  }

  static final class Of {
    @Advice.OnMethodExit
    @SuppressWarnings("UnusedVariable") // inlined: what it sets is the method's own answer
    static void exit(@Advice.Return(readOnly = false) long epoch) {
      epoch = 0;
    }
  }
}
