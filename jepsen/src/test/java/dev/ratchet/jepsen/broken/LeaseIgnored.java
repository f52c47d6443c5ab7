package dev.ratchet.jepsen.broken;

import net.bytebuddy.asm.Advice;

/** Every lease is valid; only the store's word that it is over ends it. */
final class LeaseIgnored {
  @Advice.OnMethodExit
  @SuppressWarnings("UnusedVariable") // inlined: what it sets is the method's own answer
  static void exit(@Advice.Return(readOnly = false) boolean valid) {
    valid = true;
  }
}
