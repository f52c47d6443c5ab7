package dev.ratchet.store.state;

import dev.ratchet.proto.Limits;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.key.NamespaceKind;
import dev.ratchet.proto.route.RouteTable;

/**
 * Values of the table: a version byte, then the fields. A value that can't be read means a damaged
 * table: {@link IllegalStateException}, and the node must halt.
 */
final class Records {
  /**
   * Version of every record; a change of layout takes a new one, and reads the old. Since 2: {@code
   * strict}, {@code suspect} and {@code halted}.
   */
  static final int VERSION = 2;

  private Records() {}

  static byte[] write(Meta meta) {
    return start()
        .text(meta.cluster())
        .varint(meta.routeVersion())
        .varint(meta.lastIncarnation())
        .varint(meta.lastNamespace())
        .varint(meta.sections())
        .toBytes();
  }

  static Meta meta(byte[] value) {
    return read(
        "meta",
        value,
        (in, version) ->
            new Meta(
                in.text(StoreState.MAX_CLUSTER_BYTES),
                in.varint(),
                in.count(RouteTable.MAX_INCARNATION),
                in.count(Integer.MAX_VALUE),
                in.count(Limits.MAX_SECTIONS)));
  }

  static byte[] write(Namespace namespace) {
    FieldWriter out = start();
    fields(out, namespace);
    return out.flag(namespace.strict()).toBytes();
  }

  static Namespace namespace(byte[] value) {
    return read(
        "namespace",
        value,
        (in, version) -> {
          Namespace relaxed = namespaceFields(in, false);
          return version > 1 && in.flag() ? relaxed.asStrict() : relaxed;
        });
  }

  /** The fields of a namespace, as the table and the log have them, but for {@code strict}. */
  static void fields(FieldWriter out, Namespace namespace) {
    out.varint(namespace.id())
        .text(namespace.name())
        .varint(namespace.kind().number())
        .varint(namespace.sectionSize())
        .varint(namespace.sectionCount())
        .varint(namespace.maxUid())
        .varint(namespace.step());
  }

  static Namespace namespaceFields(FieldReader in, boolean strict) {
    return new Namespace(
        in.count(Integer.MAX_VALUE),
        in.text(Limits.MAX_NAMESPACE_NAME),
        NamespaceKind.of((int) in.varint(1, NamespaceKind.values().length)),
        in.varint(),
        in.count(Integer.MAX_VALUE),
        in.varint(),
        in.varint(),
        strict);
  }

  static byte[] write(Lease lease) {
    return start()
        .varint(lease.incarnation())
        .text(lease.node())
        .text(lease.zone())
        .text(lease.host())
        .varint(lease.port())
        .doubleWord(lease.process())
        .varint(lease.holderMillis())
        .flag(lease.leaving())
        .varint(lease.renewal())
        .flag(lease.suspect())
        .toBytes();
  }

  static Lease lease(byte[] value) {
    return read(
        "lease",
        value,
        (in, version) ->
            new Lease(
                (int) in.varint(1, RouteTable.MAX_INCARNATION),
                in.text(Command.MAX_NAME_BYTES),
                in.text(Command.MAX_NAME_BYTES),
                in.text(Command.MAX_NAME_BYTES),
                in.count(Command.MAX_PORT),
                in.doubleWord(),
                in.count(Command.MAX_HOLDER_MILLIS),
                in.flag(),
                in.varint(),
                version > 1 && in.flag()));
  }

  static byte[] write(SectionRecord section) {
    return start()
        .varint(section.owner())
        .varint(section.epoch())
        .varint(section.base())
        .varint(section.maxSeq())
        .varint(section.handoverChunks())
        .varint(section.handoverEpoch())
        .varint(section.changedAt())
        .flag(section.halted())
        .toBytes();
  }

  static SectionRecord section(byte[] value) {
    return read(
        "section",
        value,
        (in, version) ->
            new SectionRecord(
                in.count(RouteTable.MAX_INCARNATION),
                in.varint(1, RouteTable.MAX_EPOCH),
                in.varint(0, Limits.MAX_NUMBER),
                in.varint(0, Limits.MAX_NUMBER),
                in.count(Command.MAX_CHUNKS),
                in.varint(0, RouteTable.MAX_EPOCH),
                in.varint(),
                version > 1 && in.flag()));
  }

  /** Reads the fields of a record of some version. */
  private interface Fields<T> {
    T read(FieldReader in, int version);
  }

  private static FieldWriter start() {
    return new FieldWriter(64).octet(VERSION);
  }

  private static <T> T read(String what, byte[] value, Fields<T> fields) {
    FieldReader in = new FieldReader(value, 0, value.length);
    try {
      int version = in.octet();
      if (version < 1 || version > VERSION) {
        throw new UndecodableEntryException("version " + version + " is unknown");
      }
      T record = fields.read(in, version);
      in.end();
      return record;
    } catch (UndecodableEntryException e) {
      throw new IllegalStateException(
          "the state table holds a damaged " + what + " record; restore this node from a peer", e);
    }
  }
}
