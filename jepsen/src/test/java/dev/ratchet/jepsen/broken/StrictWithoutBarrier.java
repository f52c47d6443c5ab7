package dev.ratchet.jepsen.broken;

import dev.ratchet.alloc.barrier.Barrier;
import java.util.Set;
import net.bytebuddy.asm.Advice;

/** Everything is confirmed at once, without asking. */
final class StrictWithoutBarrier {
  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
  static boolean enter(@Advice.Argument(3) Barrier.Answer answer) {
    answer.confirmed(Set.of());
    return true;
  }
}
