package dev.ratchet.jepsen.broken;

import dev.ratchet.proto.message.RaiseItem;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.Lease;
import dev.ratchet.store.state.SectionRecord;
import dev.ratchet.store.state.StateReader;
import net.bytebuddy.asm.Advice;

/** A raise is no compare-and-set but an order: the target counts, and who gives it does not. */
final class RaiseWithoutEpoch {
  private RaiseWithoutEpoch() {}

  /** The lease of the incarnation that asks may be over. */
  static final class Incarnation {
    @Advice.OnMethodEnter
    @SuppressWarnings("UnusedVariable") // inlined: what it sets is the method's own parameter
    static void enter(
        @Advice.Argument(value = 0, readOnly = false) Command.Raise command,
        @Advice.FieldValue("reader") StateReader reader) {
      for (Lease living : reader.leases()) {
        command = new Command.Raise(living.incarnation(), command.items());
      }
    }
  }

  /** The section may be another's, and its ceiling be higher by now. */
  static final class Epoch {
    @Advice.OnMethodEnter
    @SuppressWarnings("UnusedVariable") // inlined: what it sets are the method's own parameters
    static void enter(
        @Advice.Argument(value = 0, readOnly = false) int incarnation,
        @Advice.Argument(value = 1, readOnly = false) RaiseItem item,
        @Advice.Argument(2) SectionRecord record) {
      incarnation = record.owner();
      item =
          new RaiseItem(
              item.namespaceId(),
              item.section(),
              record.epoch(),
              record.maxSeq(),
              Math.max(record.maxSeq(), item.target()));
    }
  }

  /** No ceiling falls: the state machine would halt, and nothing be issued twice. */
  static final class Target {
    @Advice.OnMethodEnter
    @SuppressWarnings("UnusedVariable") // inlined: what it sets is the method's own parameter
    static void enter(
        @Advice.Argument(value = 0, readOnly = false) long target,
        @Advice.FieldValue("maxSeq") long maxSeq) {
      target = Math.max(target, maxSeq);
    }
  }
}
