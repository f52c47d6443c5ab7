package dev.ratchet.jepsen.broken;

import net.bytebuddy.asm.Advice;

/** A node registers once in its life. */
final class NeverRegistersAgain {
  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
  static boolean enter(@Advice.FieldValue("lastIncarnation") int lastIncarnation) {
    return lastIncarnation > 0;
  }
}
