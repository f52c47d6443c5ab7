package dev.ratchet.store.state;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.WitnessItem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a state table. Keeps nothing, so it is as thread-safe as the table; over a table that is
 * being written, or over a snapshot of one, each call sees what the table shows.
 */
public final class StateReader {
  private final StateTable table;

  public StateReader(StateTable table) {
    this.table = table;
  }

  /** What there is one of; null before {@link StoreState} opened the table first. */
  public @Nullable Meta meta() {
    byte[] value = table.get(StateKeys.META);
    return value == null ? null : Records.meta(value);
  }

  /** Version of the route table; 0 in an empty table. */
  public long routeVersion() {
    Meta meta = meta();
    return meta == null ? 0 : meta.routeVersion();
  }

  /** The store nodes that the cluster is to have. */
  public MemberSet members() {
    byte[] value = table.get(StateKeys.MEMBERS);
    return value == null ? MemberSet.NONE : Records.members(value);
  }

  /** The last restore from a backup. */
  public RestoreRecord restore() {
    byte[] value = table.get(StateKeys.RESTORE);
    return value == null ? RestoreRecord.NONE : Records.restore(value);
  }

  /** All namespaces, by id. */
  public List<Namespace> namespaces() {
    List<Namespace> namespaces = new ArrayList<>();
    table.scan(StateKeys.NAMESPACES, (key, value) -> namespaces.add(Records.namespace(value)));
    return namespaces;
  }

  /** The namespace of an id, or null. */
  public @Nullable Namespace namespace(int id) {
    byte[] value = table.get(StateKeys.namespace(id));
    return value == null ? null : Records.namespace(value);
  }

  /** All living leases, by incarnation. */
  public List<Lease> leases() {
    List<Lease> leases = new ArrayList<>();
    table.scan(StateKeys.LEASES, (key, value) -> leases.add(Records.lease(value)));
    return leases;
  }

  /** The living lease of an incarnation, or null. */
  public @Nullable Lease lease(int incarnation) {
    byte[] value = table.get(StateKeys.lease(incarnation));
    return value == null ? null : Records.lease(value);
  }

  /** The record of a section, or null if it was never granted. */
  public @Nullable SectionRecord section(int namespaceId, int section) {
    byte[] value = table.get(StateKeys.section(namespaceId, section));
    return value == null ? null : Records.section(value);
  }

  /** The record of a section, or what it is before its first grant. */
  SectionRecord sectionOrUnborn(int namespaceId, int section) {
    SectionRecord record = section(namespaceId, section);
    return record == null ? restore().unborn() : record;
  }

  /** Whether less is known here than somebody saw committed, or the section is halted already. */
  public boolean isDoubtful(WitnessItem seen) {
    SectionRecord record = sectionOrUnborn(seen.namespaceId(), seen.section());
    return record.halted() || record.isBehind(seen.epoch(), seen.maxSeq());
  }

  /** A chunk of the positions the last owner left, or null. */
  public byte @Nullable [] chunk(int namespaceId, int section, int chunk) {
    return table.get(StateKeys.chunk(namespaceId, section, chunk));
  }

  /** All pins, by namespace and section. */
  public List<Pin> pins() {
    List<Pin> pins = new ArrayList<>();
    table.scan(
        StateKeys.PINS,
        (key, value) ->
            pins.add(
                new Pin(StateKeys.number(key, 0), StateKeys.number(key, 1), Records.pin(value))));
    return pins;
  }

  /** Shows every section that was granted at least once, by namespace and section. */
  public void sections(SectionVisitor visitor) {
    table.scan(
        StateKeys.SECTIONS,
        (key, value) ->
            visitor.visit(
                StateKeys.number(key, 0), StateKeys.number(key, 1), Records.section(value)));
  }

  /**
   * What changed in the route table since a version, by a scan of all sections; complete for 0 or a
   * version above the table's.
   */
  public RouteDelta routesSince(long version) {
    long now = routeVersion();
    long from = version > now ? 0 : Math.max(version, 0);
    RunBuilder runs = new RunBuilder();
    sections(
        (namespaceId, section, record) -> {
          if (record.changedAt() > from) {
            runs.add(namespaceId, section, record.routedTo(), record.epoch());
          }
        });
    return new RouteDelta(from, now, namespaces(), owners(), runs.build());
  }

  /** All living leases as the route table names them. */
  List<OwnerInfo> owners() {
    return leases().stream().map(Lease::toOwner).toList();
  }

  /** Sees the sections of a scan. */
  @FunctionalInterface
  public interface SectionVisitor {
    void visit(int namespaceId, int section, SectionRecord record);
  }
}
