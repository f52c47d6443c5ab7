package dev.ratchet.store.state;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.message.RaiseItem;
import dev.ratchet.proto.message.RaiseResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lifts ceilings. A raise is a compare-and-set on incarnation, epoch and maxSeq, so that a stale
 * owner lifts nothing, and one that is sent again after it took effect succeeds. Stateless.
 */
final class RaiseRule {
  private final StateReader reader;
  private final StateWriter writer;

  RaiseRule(StateReader reader, StateWriter writer) {
    this.reader = reader;
    this.writer = writer;
  }

  Result apply(Command.Raise command) {
    boolean alive = reader.lease(command.incarnation()) != null;
    List<RaiseResult> results = new ArrayList<>(command.items().size());
    for (RaiseItem item : command.items()) {
      SectionRecord record = writer.section(item.namespaceId(), item.section());
      ErrorCode error =
          alive ? check(command.incarnation(), item, record) : ErrorCode.STALE_INCARNATION;
      SectionRecord now = record;
      if (error == null && record.maxSeq() != item.target()) {
        now = record.raisedTo(item.target());
        writer.move(item.namespaceId(), item.section(), record, now);
      }
      results.add(now.result(error));
    }
    return new Result.Raised(List.copyOf(results));
  }

  private static @Nullable ErrorCode check(int incarnation, RaiseItem item, SectionRecord record) {
    if (!record.isOwnedBy(incarnation, item.epoch())) {
      return ErrorCode.STALE_EPOCH;
    }
    if (record.maxSeq() == item.target()) {
      return null;
    }
    if (record.maxSeq() != item.expected()) {
      return ErrorCode.STALE_MAX_SEQ;
    }
    if (item.target() <= item.expected() || item.target() - item.expected() > Limits.MAX_STEP) {
      return ErrorCode.INVALID_ARGUMENT;
    }
    return item.target() > Limits.MAX_NUMBER ? ErrorCode.NUMBERS_EXHAUSTED : null;
  }
}
