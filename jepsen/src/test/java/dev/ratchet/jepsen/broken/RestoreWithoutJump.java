package dev.ratchet.jepsen.broken;

import net.bytebuddy.asm.Advice;

/** Numbers are lifted by nothing. */
final class RestoreWithoutJump {
  @Advice.OnMethodEnter
  @SuppressWarnings("UnusedVariable") // inlined: what it sets is the method's own parameter
  static void enter(@Advice.Argument(value = 1, readOnly = false) long by) {
    by = 0;
  }
}
