package dev.ratchet.jepsen.broken;

import net.bytebuddy.asm.Advice;

/** The last number of a range is the first of the next. */
final class RangeTooShort {
  @Advice.OnMethodEnter
  @SuppressWarnings("UnusedVariable") // inlined: what it sets is the method's own parameter
  static void enter(@Advice.Argument(value = 1, readOnly = false) int count) {
    if (count > 1) {
      count--;
    }
  }
}
