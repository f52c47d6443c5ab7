package dev.ratchet.jepsen.broken;

import dev.ratchet.alloc.section.Section;
import net.bytebuddy.asm.Advice;

/** The bound is right, and what is said about it is not. */
final class CurrentClaimsExact {
  @Advice.OnMethodExit
  @SuppressWarnings("UnusedVariable") // inlined: what it sets is the method's own answer
  static void exit(@Advice.Return(readOnly = false) Section.Current current) {
    current = new Section.Current(current.last(), true);
  }
}
