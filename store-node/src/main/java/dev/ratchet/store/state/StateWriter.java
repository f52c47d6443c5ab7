package dev.ratchet.store.state;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.SectionRun;
import java.util.List;

/** The only way the rules write the table: every change of a section is held to its invariants. */
final class StateWriter {
  private final StateTable table;
  private final StateReader reader;

  StateWriter(StateTable table, StateReader reader) {
    this.table = table;
    this.reader = reader;
  }

  Meta meta() {
    Meta meta = reader.meta();
    if (meta == null) {
      throw new IllegalStateException("the state table lost its meta record");
    }
    return meta;
  }

  void put(Meta meta) {
    table.put(StateKeys.META, Records.write(meta));
  }

  void put(MemberSet members) {
    table.put(StateKeys.MEMBERS, Records.write(members));
  }

  void put(RestoreRecord restore) {
    table.put(StateKeys.RESTORE, Records.write(restore));
  }

  void put(Namespace namespace) {
    table.put(StateKeys.namespace(namespace.id()), Records.write(namespace));
  }

  void put(Lease lease) {
    table.put(StateKeys.lease(lease.incarnation()), Records.write(lease));
  }

  void put(Pin pin) {
    table.put(StateKeys.pin(pin.namespaceId(), pin.section()), Records.write(pin));
  }

  void delete(Pin pin) {
    table.delete(StateKeys.pin(pin.namespaceId(), pin.section()));
  }

  void deleteLease(int incarnation) {
    table.delete(StateKeys.lease(incarnation));
  }

  /** The record of a section; {@link SectionRecord#NEVER_GRANTED} if there is none. */
  SectionRecord section(int namespaceId, int section) {
    SectionRecord record = reader.section(namespaceId, section);
    return record == null ? SectionRecord.NEVER_GRANTED : record;
  }

  void move(int namespaceId, int section, SectionRecord from, SectionRecord to) {
    to.assertFollows(from);
    table.put(StateKeys.section(namespaceId, section), Records.write(to));
  }

  void putChunk(int namespaceId, int section, int chunk, byte[] positions) {
    table.put(StateKeys.chunk(namespaceId, section, chunk), positions);
  }

  void deleteChunks(int namespaceId, int section, int count) {
    for (int chunk = 0; chunk < count; chunk++) {
      table.delete(StateKeys.chunk(namespaceId, section, chunk));
    }
  }

  /** Raises the route version by one, with these sections changed in it. */
  RouteDelta changeRoutes(List<SectionRun> runs) {
    return changeRoutes(meta().routeVersion() + 1, runs);
  }

  /** Raises the route version by far, as {@link Meta#jumpedRouteVersion} has it. */
  RouteDelta jumpRoutes(List<SectionRun> runs) {
    return changeRoutes(meta().jumpedRouteVersion(), runs);
  }

  private RouteDelta changeRoutes(long version, List<SectionRun> runs) {
    Meta old = meta();
    put(old.withRouteVersion(version));
    return new RouteDelta(old.routeVersion(), version, reader.namespaces(), reader.owners(), runs);
  }
}
