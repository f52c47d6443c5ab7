package dev.ratchet.store.state;

import static dev.ratchet.store.state.Bounds.check;
import static dev.ratchet.store.state.Bounds.checkNamespace;
import static dev.ratchet.store.state.Bounds.checkRestore;
import static dev.ratchet.store.state.Bounds.checkSection;

import dev.ratchet.proto.Limits;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.route.RouteTable;
import java.util.List;

/**
 * The steps in which a backup is brought back: one begin, sections in order, one end. Immutable.
 */
public sealed interface RestoreStep extends Command {
  /** Largest jump of a restore. */
  long MAX_JUMP = 1L << 60;

  /** Largest route version that a backup may have. */
  long MAX_ROUTE_VERSION = 1L << 60;

  /**
   * Begins to bring back a backup.
   *
   * @param id random number of this restore, not 0
   * @param jump numbers to lift every ceiling by
   * @param routeVersion of the backup
   * @param lastIncarnation of the backup
   * @param lastNamespace of the backup
   * @param floorEpoch of the backup; see {@link RestoreRecord}
   * @param floorNumber of the backup
   * @param namespaces of the backup, with their ids
   */
  record Begin(
      long id,
      long jump,
      long routeVersion,
      int lastIncarnation,
      int lastNamespace,
      long floorEpoch,
      long floorNumber,
      List<Namespace> namespaces)
      implements RestoreStep {
    public Begin {
      namespaces = List.copyOf(namespaces);
      checkRestore(id);
      check("jump", jump, 1, MAX_JUMP);
      check("route version", routeVersion, 0, MAX_ROUTE_VERSION);
      check("last incarnation", lastIncarnation, 0, RouteTable.MAX_INCARNATION);
      check("last namespace id", lastNamespace, 0, Integer.MAX_VALUE);
      check("epoch floor", floorEpoch, 0, RouteTable.MAX_EPOCH);
      check("number floor", floorNumber, 0, Limits.MAX_NUMBER);
      check("namespaces", namespaces.size(), 0, Limits.MAX_NAMESPACES);
      for (Namespace namespace : namespaces) {
        check("namespace id", namespace.id(), 1, Integer.MAX_VALUE);
        checkNamespace(namespace);
      }
    }
  }

  /**
   * A section as a backup has it.
   *
   * @param epoch its epoch; 0 if it was never granted
   * @param maxSeq its ceiling
   */
  record SavedSection(long epoch, long maxSeq) {
    public SavedSection {
      check("epoch", epoch, 0, RouteTable.MAX_EPOCH);
      check("maxSeq", maxSeq, 0, Limits.MAX_NUMBER);
    }
  }

  /**
   * Brings back neighbouring sections.
   *
   * @param id the restore
   * @param namespaceId namespace
   * @param first first section
   * @param sections each in turn
   */
  record Sections(long id, int namespaceId, int first, List<SavedSection> sections)
      implements RestoreStep {
    public Sections {
      sections = List.copyOf(sections);
      checkRestore(id);
      checkSection(namespaceId, first);
      check("restored sections", sections.size(), 1, Command.MAX_ITEMS);
    }
  }

  /** Ends a restore: leases may be had again. */
  record End(long id) implements RestoreStep {
    public End {
      checkRestore(id);
    }
  }
}
