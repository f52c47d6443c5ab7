package dev.ratchet.store.state;

import dev.ratchet.proto.Limits;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.route.RouteTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives sections away. Invariants: only a section that nobody owns is granted, or one of a strict
 * namespace whose owner is suspect; the epoch goes up and the window above all that may have been
 * issued is taken in the same entry. One object an entry.
 */
final class GrantRule {
  private final StateReader reader;
  private final StateWriter writer;
  private final long version;
  private final RunBuilder runs = new RunBuilder();

  /** Leases looked up in this entry; never walked, so its order can't matter. */
  private final Map<Integer, Optional<Lease>> leases = new HashMap<>();

  /** Namespaces looked up in this entry, which may have a run for each section. */
  private final Map<Integer, Optional<Namespace>> namespaces = new HashMap<>();

  /** What a section that was never granted begins from. */
  private final SectionRecord unborn;

  private final List<SectionEpoch> stuck = new ArrayList<>();

  private int granted;
  private int skipped;
  private int exhausted;

  GrantRule(StateReader reader, StateWriter writer) {
    this.reader = reader;
    this.writer = writer;
    this.version = writer.meta().routeVersion() + 1;
    this.unborn = reader.restore().unborn();
  }

  Result apply(Command.Grant command) {
    for (Command.Run run : command.runs()) {
      Namespace namespace = namespace(run.namespaceId());
      for (int i = 0; i < run.count(); i++) {
        grant(namespace, run.first() + i, run.incarnation());
      }
    }
    return new Result.Granted(
        granted,
        skipped,
        exhausted,
        stuck,
        runs.isEmpty() ? null : writer.changeRoutes(runs.build()));
  }

  private void grant(@Nullable Namespace namespace, int section, int incarnation) {
    if (namespace == null || section >= namespace.sectionCount() || !takesOn(incarnation)) {
      skipped++;
      return;
    }
    SectionRecord old = writer.section(namespace.id(), section);
    if (old.halted()) {
      skipped++;
      stuck.add(new SectionEpoch(namespace.id(), section, old.epoch()));
      return;
    }
    if (old.owner() != 0 && keeps(old.owner(), namespace)) {
      skipped++;
      return;
    }
    boolean tookWindow = !old.isReleased();
    long routed = old.epoch();
    if (old.epoch() == 0) {
      old = unborn;
    }
    if (old.epoch() >= RouteTable.MAX_EPOCH
        || (tookWindow && old.maxSeq() > Limits.MAX_NUMBER - namespace.step())) {
      exhausted++;
      stuck.add(new SectionEpoch(namespace.id(), section, routed));
      return;
    }
    SectionRecord next;
    if (tookWindow) {
      writer.deleteChunks(namespace.id(), section, old.handoverChunks());
      next = old.takenOverBy(incarnation, namespace.step(), version);
    } else {
      next = old.handedOverTo(incarnation, version);
    }
    writer.move(namespace.id(), section, old, next);
    runs.add(namespace.id(), section, incarnation, next.epoch());
    granted++;
  }

  private @Nullable Namespace namespace(int id) {
    return namespaces
        .computeIfAbsent(id, key -> Optional.ofNullable(reader.namespace(key)))
        .orElse(null);
  }

  /** Of a strict section a suspect owner loses nothing but time: the barrier stops its answers. */
  private boolean keeps(int owner, Namespace namespace) {
    return lease(owner).filter(lease -> !(namespace.strict() && lease.suspect())).isPresent();
  }

  private boolean takesOn(int incarnation) {
    return lease(incarnation).filter(lease -> lease.takesOn() && !lease.suspect()).isPresent();
  }

  private Optional<Lease> lease(int incarnation) {
    return leases.computeIfAbsent(incarnation, key -> Optional.ofNullable(reader.lease(key)));
  }
}
