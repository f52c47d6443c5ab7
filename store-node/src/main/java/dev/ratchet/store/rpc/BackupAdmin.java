package dev.ratchet.store.rpc;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.BackupReply;
import dev.ratchet.proto.message.BackupRequest;
import dev.ratchet.proto.message.RestoreReply;
import dev.ratchet.proto.message.RestoreRequest;
import dev.ratchet.proto.message.SavedSection;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.RpcContext;
import dev.ratchet.proto.rpc.RpcServer;
import dev.ratchet.store.raft.RaftGroup;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.Meta;
import dev.ratchet.store.state.RestoreRecord;
import dev.ratchet.store.state.RestoreStep;
import dev.ratchet.store.state.Result;
import dev.ratchet.store.state.SectionRecord;
import dev.ratchet.store.state.StateReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Operators' calls that read a backup, page by page, and bring one back, step by step. Pages are of
 * different moments: sections depend on nothing but themselves, and only ever rise. Thread-safe.
 */
final class BackupAdmin {
  /** Most sections of a page. */
  static final int PAGE = 4_096;

  private final RaftGroup raft;
  private final StateReader reader;
  private final Reads reads;
  private final CommandHandlers commands;

  BackupAdmin(StoreDoor.Parts parts, Reads reads, CommandHandlers commands) {
    this.raft = parts.raft();
    this.reader = parts.reader();
    this.reads = reads;
    this.commands = commands;
  }

  /** Serves its calls behind a gate. */
  void serve(RpcServer.Builder calls, AdminGate gate) {
    calls.on(Calls.BACKUP, gate.guard(this::backup)).on(Calls.RESTORE, gate.guard(this::restore));
  }

  private void backup(BackupRequest request, RpcContext<BackupReply> context) {
    // A leader that was replaced and does not know it yet must not hand out old ceilings.
    raft.catchUp()
        .whenComplete(
            (caughtUp, failure) -> {
              if (failure != null) {
                context.fail(RatchetException.of(failure));
              } else {
                reads.run(context, () -> context.reply(page(request)));
              }
            });
  }

  private BackupReply page(BackupRequest request) {
    RestoreRecord restore = reader.restore();
    if (restore.active()) {
      throw new RatchetException(
          ErrorCode.INVALID_ARGUMENT,
          "a restore is under way or was cut off, so there is nothing whole to back up: finish it");
    }
    Meta meta = Objects.requireNonNull(reader.meta());
    boolean head = request.namespaceId() == 0;
    return new BackupReply(
        meta.cluster(),
        meta.routeVersion(),
        meta.lastIncarnation(),
        meta.lastNamespace(),
        restore.floorEpoch(),
        restore.floorNumber(),
        head ? reader.namespaces() : List.of(),
        head ? List.of() : sections(request));
  }

  private List<SavedSection> sections(BackupRequest request) {
    Namespace namespace = reader.namespace(request.namespaceId());
    if (namespace == null || request.first() < 0 || request.first() >= namespace.sectionCount()) {
      throw new RatchetException(
          ErrorCode.INVALID_ARGUMENT,
          "there is no section " + request.first() + " of namespace " + request.namespaceId());
    }
    List<SavedSection> sections = new ArrayList<>();
    int end = (int) Math.min((long) request.first() + PAGE, namespace.sectionCount());
    for (int section = request.first(); section < end; section++) {
      SectionRecord record = reader.section(namespace.id(), section);
      sections.add(
          record == null
              ? new SavedSection(0, 0)
              : new SavedSection(record.epoch(), record.maxSeq()));
    }
    return sections;
  }

  private void restore(RestoreRequest request, RpcContext<RestoreReply> context) {
    context.answer(
        commands
            .propose(commandOf(request), Result.Restored.class)
            .thenApply(
                done -> new RestoreReply(done.restore().namespaceId(), done.restore().section())));
  }

  private static Command commandOf(RestoreRequest request) {
    return switch (request.step()) {
      case 1 ->
          new RestoreStep.Begin(
              request.id(),
              request.jump(),
              request.routeVersion(),
              request.lastIncarnation(),
              request.lastNamespace(),
              request.floorEpoch(),
              request.floorNumber(),
              request.namespaces());
      case 2 ->
          new RestoreStep.Sections(
              request.id(),
              request.namespaceId(),
              request.first(),
              request.sections().stream()
                  .map(saved -> new RestoreStep.SavedSection(saved.epoch(), saved.maxSeq()))
                  .toList());
      case 3 -> new RestoreStep.End(request.id());
      default ->
          throw new RatchetException(
              ErrorCode.INVALID_ARGUMENT, "a restore has no step " + request.step());
    };
  }
}
