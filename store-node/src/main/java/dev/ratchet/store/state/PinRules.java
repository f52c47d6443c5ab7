package dev.ratchet.store.state;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.key.Namespace;
import java.util.List;

/**
 * Sections are pinned to incarnations. Invariants: at most {@link Command#MAX_PINS} pins, one a
 * section; a pin names a living lease that takes sections on, and goes when that ends.
 */
final class PinRules {
  private final StateReader reader;
  private final StateWriter writer;

  PinRules(StateReader reader, StateWriter writer) {
    this.reader = reader;
    this.writer = writer;
  }

  Result pin(Command.Pin command) {
    Namespace namespace = reader.namespace(command.namespaceId());
    if (namespace == null) {
      return refused(
          ErrorCode.UNKNOWN_NAMESPACE, "there is no namespace of id " + command.namespaceId());
    }
    if (command.section() >= namespace.sectionCount()) {
      return refused(
          ErrorCode.INVALID_ARGUMENT,
          "namespace '"
              + namespace.name()
              + "' has no section "
              + command.section()
              + "; its sections are 0 to "
              + (namespace.sectionCount() - 1));
    }
    List<Lease> leases = reader.leases();
    Lease lease = LeaseRules.find(command.node(), leases);
    if (lease == null) {
      return LeaseRules.notAlive(command.node(), leases);
    }
    if (!lease.takesOn()) {
      return refused(
          ErrorCode.INVALID_ARGUMENT,
          "node '"
              + command.node()
              + (lease.drained()
                  ? "' is drained: let it take sections again with `admin drain --undo`, or choose"
                      + " another node"
                  : "' is shutting down: choose another node"));
    }
    List<Pin> pins = reader.pins();
    Pin pin = new Pin(namespace.id(), command.section(), lease.incarnation());
    boolean replaces = pins.stream().anyMatch(known -> isSameSection(known, pin));
    if (!replaces && pins.size() >= Command.MAX_PINS) {
      return refused(
          ErrorCode.INVALID_ARGUMENT,
          pins.size()
              + " sections are kept where they were moved by hand, which is the limit:"
              + " `admin balance` lets go of them");
    }
    writer.put(pin);
    return new Result.Pinned(pin);
  }

  private static boolean isSameSection(Pin left, Pin right) {
    return left.namespaceId() == right.namespaceId() && left.section() == right.section();
  }

  Result unpinAll() {
    List<Pin> pins = reader.pins();
    pins.forEach(writer::delete);
    return new Result.Unpinned(pins.size());
  }

  /** The incarnation takes no sections any more. */
  void forget(int incarnation) {
    for (Pin pin : reader.pins()) {
      if (pin.incarnation() == incarnation) {
        writer.delete(pin);
      }
    }
  }

  private static Result.Refused refused(ErrorCode code, String message) {
    return new Result.Refused(code, message, "");
  }
}
