package dev.ratchet.store.state;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.WitnessItem;
import dev.ratchet.proto.route.RouteTable;
import java.util.ArrayList;
import java.util.List;

/**
 * Halts sections of which somebody saw more committed than this store knows: its disks are older
 * than what they once held, and to go on would repeat numbers. An operator resumes them above all
 * that may have been issued. Nothing here ever lowers an epoch or a maxSeq. What is changed gets a
 * route version above those of the life that was lost, so that whoever saw them takes the change.
 * One object an entry.
 */
final class RollbackRules {
  /** Epochs skipped by a resume: more than any section can have been granted unseen. */
  static final long EPOCH_JUMP = 1 << 20;

  private final StateReader reader;
  private final StateWriter writer;
  private final long version;
  private final RunBuilder runs = new RunBuilder();

  RollbackRules(StateReader reader, StateWriter writer) {
    this.reader = reader;
    this.writer = writer;
    this.version = writer.meta().jumpedRouteVersion();
  }

  Result witness(Command.Witness command) {
    List<SectionEpoch> halted = new ArrayList<>();
    for (WitnessItem item : command.items()) {
      keepId(item.namespaceId());
      Namespace namespace = reader.namespace(item.namespaceId());
      if (namespace != null && item.section() < namespace.sectionCount() && halts(item)) {
        long epoch = writer.section(item.namespaceId(), item.section()).epoch();
        halted.add(new SectionEpoch(item.namespaceId(), item.section(), epoch));
      }
    }
    if (runs.isEmpty()) {
      return new Result.Witnessed(List.copyOf(halted), null);
    }
    writer.put(writer.meta().pastLostIncarnations());
    return new Result.Witnessed(List.copyOf(halted), writer.jumpRoutes(runs.build()));
  }

  /** An id that was given out is never given out again, though its namespace is lost. */
  private void keepId(int namespaceId) {
    Meta meta = writer.meta();
    if (namespaceId > meta.lastNamespace()) {
      writer.put(meta.withNamespace(namespaceId, 0));
    }
  }

  private boolean halts(WitnessItem item) {
    SectionRecord old = reader.sectionOrUnborn(item.namespaceId(), item.section());
    if (!old.isBehind(item.epoch(), item.maxSeq())) {
      return old.halted();
    }
    writer.deleteChunks(item.namespaceId(), item.section(), old.handoverChunks());
    SectionRecord next = old.haltedAt(item.epoch(), item.maxSeq(), version);
    writer.move(item.namespaceId(), item.section(), old, next);
    runs.add(item.namespaceId(), item.section(), next.routedTo(), next.epoch());
    return true;
  }

  Result resume(Command.Resume command) {
    Namespace namespace = reader.namespace(command.namespaceId());
    if (namespace == null || command.first() + command.count() > namespace.sectionCount()) {
      return new Result.Refused(
          ErrorCode.INVALID_ARGUMENT,
          "there are no sections "
              + command.first()
              + " to "
              + (command.first() + command.count() - 1)
              + " of namespace "
              + command.namespaceId(),
          "");
    }
    int resumed = 0;
    int exhausted = 0;
    for (int i = 0; i < command.count(); i++) {
      int section = command.first() + i;
      SectionRecord old = writer.section(namespace.id(), section);
      if (!old.halted()) {
        continue;
      }
      if (old.epoch() > RouteTable.MAX_EPOCH - EPOCH_JUMP
          || old.maxSeq() > Limits.MAX_NUMBER - command.jump()) {
        exhausted++;
        continue;
      }
      SectionRecord next = old.resumed(EPOCH_JUMP, command.jump(), version);
      writer.move(namespace.id(), section, old, next);
      runs.add(namespace.id(), section, next.routedTo(), next.epoch());
      resumed++;
    }
    return new Result.Resumed(
        resumed, exhausted, runs.isEmpty() ? null : writer.jumpRoutes(runs.build()));
  }
}
