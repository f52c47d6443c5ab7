package dev.ratchet.store.state;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.route.RouteTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings back a backup: lifts everything past what the life after the backup may have used.
 *
 * <p>Invariants: nothing is ever lowered; from the begin of a restore to its end nobody has a
 * lease, so no number is issued while some sections are lifted and others are not; sections are
 * restored in one order without a hole, and the end is refused before the last of them; a step that
 * is repeated changes nothing.
 */
final class RestoreRule {
  /** What a section's epoch is lifted by: far more grants than there are between two backups. */
  static final long EPOCH_JUMP = 1L << 20;

  /** What the last namespace id is lifted by, so that none created since the backup comes back. */
  static final int NAMESPACE_JUMP = 1 << 16;

  private final StateReader reader;
  private final StateWriter writer;

  RestoreRule(StateReader reader, StateWriter writer) {
    this.reader = reader;
    this.writer = writer;
  }

  Result begin(RestoreStep.Begin command) {
    RestoreRecord known = reader.restore();
    if (known.id() == command.id()) {
      return new Result.Restored(known, null);
    }
    Result.Refused refused = refusal(command, known);
    if (refused != null) {
      return refused;
    }
    Meta old = writer.meta();
    int lastNamespace = Math.max(old.lastNamespace(), command.lastNamespace()) + NAMESPACE_JUMP;
    Meta lifted =
        new Meta(
            old.cluster(),
            old.withRouteVersion(Math.max(old.routeVersion(), command.routeVersion()))
                .jumpedRouteVersion(),
            Math.max(old.lastIncarnation(), command.lastIncarnation()) + Meta.INCARNATION_JUMP,
            lastNamespace,
            (int) sections(command.namespaces()));
    writer.put(lifted);
    command.namespaces().forEach(writer::put);
    List<Namespace> namespaces = reader.namespaces();
    RestoreRecord restore =
        new RestoreRecord(
            command.id(),
            true,
            command.jump(),
            lifted.lastIncarnation(),
            command.floorEpoch(),
            command.floorNumber(),
            namespaces.isEmpty() ? 0 : namespaces.get(0).id(),
            0,
            Math.max(known.floorEpoch(), command.floorEpoch()) + EPOCH_JUMP,
            lift(Math.max(known.floorNumber(), command.floorNumber()), command.jump()));
    writer.put(restore);
    return new Result.Restored(
        restore,
        new RouteDelta(
            old.routeVersion(), lifted.routeVersion(), namespaces, reader.owners(), List.of()));
  }

  private Result.@Nullable Refused refusal(RestoreStep.Begin command, RestoreRecord known) {
    List<Lease> leases = reader.leases();
    if (!leases.isEmpty()) {
      return new Result.Refused(
          ErrorCode.INVALID_ARGUMENT,
          "allocation nodes hold leases ("
              + String.join(", ", leases.stream().map(Lease::node).toList())
              + "): a restore under them could send numbers back. Stop all allocation nodes, wait"
              + " until `admin status` shows none, and restore again",
          "");
    }
    Meta meta = writer.meta();
    boolean roomLeft =
        Math.max(meta.lastIncarnation(), command.lastIncarnation())
                <= RouteTable.MAX_INCARNATION - Meta.INCARNATION_JUMP
            && Math.max(known.floorEpoch(), command.floorEpoch())
                <= RouteTable.MAX_EPOCH - 2 * EPOCH_JUMP
            && Math.max(meta.lastNamespace(), command.lastNamespace())
                <= Integer.MAX_VALUE - NAMESPACE_JUMP;
    if (!roomLeft) {
      return new Result.Refused(
          ErrorCode.NUMBERS_EXHAUSTED,
          "this cluster has been restored so often that its incarnations, epochs or namespace ids"
              + " are used up",
          "");
    }
    return conflict(command);
  }

  private Result.@Nullable Refused conflict(RestoreStep.Begin command) {
    Map<Integer, Namespace> byId = new HashMap<>();
    Set<String> names = new HashSet<>();
    int last = 0;
    for (Namespace namespace : command.namespaces()) {
      try {
        namespace.validate();
      } catch (RatchetException e) {
        return invalid(String.valueOf(e.getMessage()));
      }
      if (byId.put(namespace.id(), namespace) != null || !names.add(namespace.name())) {
        return invalid("namespace '" + namespace.name() + "' is in the backup twice");
      }
      last = Math.max(last, namespace.id());
    }
    if (last > command.lastNamespace()) {
      return invalid("the backup has a namespace of id " + last + " past its own last one");
    }
    if (sections(command.namespaces()) > Limits.MAX_SECTIONS) {
      return invalid("the backup has more than " + Limits.MAX_SECTIONS + " sections");
    }
    for (Namespace own : reader.namespaces()) {
      if (!own.equals(byId.get(own.id()))) {
        return invalid(
            "this cluster has a namespace '"
                + own.name()
                + "' (id "
                + own.id()
                + ") that the backup does not have just so: restore into a cluster with no"
                + " namespaces, or with those of the backup alone");
      }
    }
    return null;
  }

  Result sections(RestoreStep.Sections command) {
    RestoreRecord restore = reader.restore();
    Result.Refused stale = stale(restore, command.id());
    if (stale != null) {
      return stale;
    }
    int next = restore.namespaceId();
    int end = command.first() + command.sections().size();
    boolean isPast =
        next == 0
            || command.namespaceId() < next
            || (command.namespaceId() == next && end <= restore.section());
    if (isPast) {
      return new Result.Restored(restore, null);
    }
    Namespace namespace = reader.namespace(command.namespaceId());
    if (namespace == null
        || command.namespaceId() != next
        || command.first() != restore.section()
        || end > namespace.sectionCount()) {
      return invalid(
          "the restore is at section "
              + restore.section()
              + " of namespace "
              + next
              + ", not at "
              + command.first()
              + " of "
              + command.namespaceId());
    }
    return lift(command, restore, namespace);
  }

  private Result lift(RestoreStep.Sections command, RestoreRecord restore, Namespace namespace) {
    long version = writer.meta().routeVersion() + 1;
    RunBuilder runs = new RunBuilder();
    List<SectionRecord> old = new ArrayList<>();
    List<SectionRecord> lifted = new ArrayList<>();
    for (int i = 0; i < command.sections().size(); i++) {
      SectionRecord own = writer.section(namespace.id(), command.first() + i);
      SectionRecord now = lifted(own, command.sections().get(i), restore, version);
      if (now.epoch() > RouteTable.MAX_EPOCH) {
        return new Result.Refused(
            ErrorCode.NUMBERS_EXHAUSTED,
            "the epochs of section " + (command.first() + i) + " are used up by restores",
            "");
      }
      old.add(own);
      lifted.add(now);
    }
    for (int i = 0; i < lifted.size(); i++) {
      int section = command.first() + i;
      SectionRecord now = lifted.get(i);
      if (now.epoch() > 0) {
        writer.deleteChunks(namespace.id(), section, old.get(i).handoverChunks());
        writer.move(namespace.id(), section, old.get(i), now);
        runs.add(namespace.id(), section, now.owner(), now.epoch());
      }
    }
    RestoreRecord moved = advance(restore, namespace, command.first() + lifted.size());
    writer.put(moved);
    return new Result.Restored(moved, runs.isEmpty() ? null : writer.changeRoutes(runs.build()));
  }

  private static SectionRecord lifted(
      SectionRecord own, RestoreStep.SavedSection saved, RestoreRecord restore, long version) {
    if (own.epoch() == 0 && saved.epoch() == 0) {
      return own;
    }
    boolean isSaved = saved.epoch() > 0;
    long epoch = Math.max(own.epoch(), isSaved ? saved.epoch() : restore.backupEpoch());
    long number = Math.max(own.maxSeq(), isSaved ? saved.maxSeq() : restore.backupNumber());
    return own.restored(restore.owner(), epoch + EPOCH_JUMP, lift(number, restore.jump()), version);
  }

  private RestoreRecord advance(RestoreRecord restore, Namespace namespace, int section) {
    if (section < namespace.sectionCount()) {
      return restore.at(namespace.id(), section);
    }
    return reader.namespaces().stream()
        .map(Namespace::id)
        .filter(id -> id > namespace.id())
        .min(Comparator.naturalOrder())
        .map(id -> restore.at(id, 0))
        .orElseGet(() -> restore.at(0, 0));
  }

  Result end(RestoreStep.End command) {
    RestoreRecord restore = reader.restore();
    Result.Refused stale = stale(restore, command.id());
    if (stale != null) {
      return stale;
    }
    if (restore.namespaceId() != 0) {
      return invalid(
          "the restore can't end before section "
              + restore.section()
              + " of namespace "
              + restore.namespaceId()
              + " is restored");
    }
    RestoreRecord ended = restore.ended();
    writer.put(ended);
    return new Result.Restored(ended, null);
  }

  private static Result.@Nullable Refused stale(RestoreRecord restore, long id) {
    return restore.id() == id
        ? null
        : invalid("another restore has begun since this one; only the last one can go on");
  }

  /** Why nobody gets a lease or a namespace now; null when they may. */
  static Result.@Nullable Refused underWay(StateReader reader) {
    return reader.restore().active()
        ? new Result.Refused(
            ErrorCode.UNAVAILABLE,
            "a restore from a backup is under way, or was cut off: nothing is served until"
                + " `admin restore` has been run to its end",
            "")
        : null;
  }

  private static long lift(long number, long by) {
    return Math.min(number + by, Limits.MAX_NUMBER);
  }

  private static long sections(List<Namespace> namespaces) {
    return namespaces.stream().mapToLong(Namespace::sectionCount).sum();
  }

  private static Result.Refused invalid(String message) {
    return new Result.Refused(ErrorCode.INVALID_ARGUMENT, message, "");
  }
}
