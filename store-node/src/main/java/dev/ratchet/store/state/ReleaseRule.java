package dev.ratchet.store.state;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.message.RaiseResult;
import dev.ratchet.proto.message.ReleaseItem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes sections back with the exact positions of their last owner. Invariants: chunks of two
 * releases never mix: chunk 0 starts a new set, and a later one only adds to a set of the same
 * epoch; a chunk that is kept already, sent again since its answer was lost, changes nothing. One
 * object an entry.
 */
final class ReleaseRule {
  private final StateReader reader;
  private final StateWriter writer;
  private final PinRules pins;
  private final long version;
  private final RunBuilder runs = new RunBuilder();

  ReleaseRule(StateReader reader, StateWriter writer, PinRules pins) {
    this.reader = reader;
    this.writer = writer;
    this.pins = pins;
    this.version = writer.meta().routeVersion() + 1;
  }

  Result apply(Command.Release command) {
    boolean alive = reader.lease(command.incarnation()) != null;
    List<RaiseResult> results = new ArrayList<>(command.items().size());
    for (ReleaseItem item : command.items()) {
      results.add(release(item, command.incarnation(), alive));
    }
    boolean left = command.leave() && alive;
    if (left) {
      writer.deleteLease(command.incarnation());
      pins.forget(command.incarnation());
    }
    boolean changed = left || !runs.isEmpty();
    return new Result.Released(
        command.incarnation(),
        List.copyOf(results),
        left,
        changed ? writer.changeRoutes(runs.build()) : null);
  }

  private RaiseResult release(ReleaseItem item, int incarnation, boolean alive) {
    SectionRecord old = writer.section(item.namespaceId(), item.section());
    if (isRepeat(item, old)) {
      return old.result(null);
    }
    ErrorCode error = alive ? check(item, incarnation, old) : ErrorCode.STALE_INCARNATION;
    if (error != null) {
      return old.result(error);
    }
    if (!item.last() && isKept(item, old)) {
      return old.result(null);
    }
    SectionRecord next = keepChunk(item, old);
    if (item.last()) {
      next = next.released(item.base(), version);
      runs.add(item.namespaceId(), item.section(), 0, next.epoch());
    }
    writer.move(item.namespaceId(), item.section(), old, next);
    return next.result(null);
  }

  /** An answer may be lost, and by then the lease given up: the same release again is no error. */
  private static boolean isRepeat(ReleaseItem item, SectionRecord record) {
    return item.last() && record.isReleased() && record.epoch() == item.epoch();
  }

  private @Nullable ErrorCode check(ReleaseItem item, int incarnation, SectionRecord record) {
    if (!record.isOwnedBy(incarnation, item.epoch())) {
      return ErrorCode.STALE_EPOCH;
    }
    if (record.maxSeq() != item.maxSeq()) {
      return ErrorCode.STALE_MAX_SEQ;
    }
    boolean baseFits = record.base() <= item.base() && item.base() <= record.maxSeq();
    boolean saysSomething = item.last() || item.positions().length > 0;
    return baseFits && saysSomething && chunkFits(item, record) ? null : ErrorCode.INVALID_ARGUMENT;
  }

  private boolean chunkFits(ReleaseItem item, SectionRecord record) {
    if (item.chunk() == 0) {
      return true;
    }
    if (record.handoverEpoch() != record.epoch()) {
      return false; // what is kept was left by the owner before
    }
    if (item.chunk() == record.handoverChunks()) {
      return item.positions().length == 0 || item.chunk() < Command.MAX_CHUNKS;
    }
    // Nothing may be kept after the last.
    return isKept(item, record) && (!item.last() || item.chunk() == record.handoverChunks() - 1);
  }

  /** Whether the very same chunk of this owner is there already. */
  private boolean isKept(ReleaseItem item, SectionRecord record) {
    return record.handoverEpoch() == record.epoch()
        && item.chunk() < record.handoverChunks()
        && Arrays.equals(
            reader.chunk(item.namespaceId(), item.section(), item.chunk()), item.positions());
  }

  private SectionRecord keepChunk(ReleaseItem item, SectionRecord old) {
    SectionRecord record = old;
    if (item.chunk() == 0) {
      writer.deleteChunks(item.namespaceId(), item.section(), old.handoverChunks());
      record = record.withChunks(0);
    }
    if (item.positions().length == 0) {
      return record;
    }
    writer.putChunk(item.namespaceId(), item.section(), item.chunk(), item.positions());
    return record.withChunks(item.chunk() + 1);
  }
}
