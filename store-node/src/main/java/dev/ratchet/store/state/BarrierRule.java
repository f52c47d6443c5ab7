package dev.ratchet.store.state;

import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.SectionRef;
import java.util.List;

/**
 * Says which sections are still an incarnation's. Changes nothing: what counts is its place in the
 * log, after every grant that was committed before it. Stateless.
 */
final class BarrierRule {
  private final StateReader reader;

  BarrierRule(StateReader reader) {
    this.reader = reader;
  }

  Result apply(Command.Confirm command) {
    boolean alive = reader.lease(command.incarnation()) != null;
    List<SectionRef> stale =
        command.sections().stream()
            .filter(item -> !(alive && isOwned(command.incarnation(), item)))
            .map(SectionEpoch::ref)
            .toList();
    return new Result.Confirmed(stale);
  }

  private boolean isOwned(int incarnation, SectionEpoch item) {
    SectionRecord record = reader.section(item.namespaceId(), item.section());
    return record != null && record.isOwnedBy(incarnation, item.epoch());
  }
}
