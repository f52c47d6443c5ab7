package dev.ratchet.store.state;

import dev.ratchet.proto.Limits;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.key.NamespaceKind;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.HostPort;
import java.util.ArrayList;
import java.util.List;

/**
 * Values of the table: a version byte, then the fields. A value that can't be read means a damaged
 * table: {@link IllegalStateException}, and the node must halt.
 */
final class Records {
  /**
   * Version of every record; a change of layout takes a new one, and reads the old. Since 2: {@code
   * strict} and {@code halted}.
   */
  static final int VERSION = 2;

  /** Bits of a lease. */
  private static final int LEAVING = 1;

  private static final int DRAINED = 2;

  private static final int SUSPECT = 4;

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
        .varint(flags(lease))
        .varint(lease.renewal())
        .toBytes();
  }

  private static int flags(Lease lease) {
    return (lease.leaving() ? LEAVING : 0)
        | (lease.drained() ? DRAINED : 0)
        | (lease.suspect() ? SUSPECT : 0);
  }

  static Lease lease(byte[] value) {
    return read("lease", value, (in, version) -> leaseFields(in));
  }

  private static Lease leaseFields(FieldReader in) {
    int incarnation = (int) in.varint(1, RouteTable.MAX_INCARNATION);
    String node = in.text(Command.MAX_NAME_BYTES);
    String zone = in.text(Command.MAX_NAME_BYTES);
    String host = in.text(Command.MAX_NAME_BYTES);
    int port = in.count(Command.MAX_PORT);
    long process = in.doubleWord();
    int holderMillis = in.count(Command.MAX_HOLDER_MILLIS);
    int flags = in.count(LEAVING | DRAINED | SUSPECT);
    boolean leaving = (flags & LEAVING) != 0;
    boolean drained = (flags & DRAINED) != 0;
    boolean suspect = (flags & SUSPECT) != 0;
    long renewal = in.varint();
    return new Lease(
        incarnation,
        node,
        zone,
        host,
        port,
        process,
        holderMillis,
        leaving,
        drained,
        renewal,
        suspect);
  }

  static byte[] write(Pin pin) {
    return start().varint(pin.incarnation()).toBytes();
  }

  /** The incarnation that a section is pinned to. */
  static int pin(byte[] value) {
    return read("pin", value, (in, version) -> (int) in.varint(1, RouteTable.MAX_INCARNATION));
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

  static byte[] write(MemberSet members) {
    FieldWriter out = start().varint(members.version()).varint(members.members().size());
    members.members().forEach(member -> fields(out, member));
    return out.toBytes();
  }

  static MemberSet members(byte[] value) {
    return read("members", value, (in, version) -> new MemberSet(in.varint(), memberList(in)));
  }

  static List<StoreMember> memberList(FieldReader in) {
    int count = in.count(Command.MAX_MEMBERS);
    List<StoreMember> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      members.add(
          new StoreMember(
              in.text(Command.MAX_NAME_BYTES),
              in.text(Command.MAX_NAME_BYTES),
              address(in),
              address(in),
              in.text(Command.DISK_ID_BYTES)));
    }
    return members;
  }

  private static HostPort address(FieldReader in) {
    return new HostPort(in.text(Command.MAX_NAME_BYTES), in.count(Command.MAX_PORT));
  }

  /** The fields of a member, as the table and the log have them. */
  static void fields(FieldWriter out, StoreMember member) {
    out.text(member.node())
        .text(member.zone())
        .text(member.rpc().host())
        .varint(member.rpc().port())
        .text(member.raft().host())
        .varint(member.raft().port())
        .text(member.disk());
  }

  static byte[] write(RestoreRecord restore) {
    return start()
        .doubleWord(restore.id())
        .flag(restore.active())
        .varint(restore.jump())
        .varint(restore.owner())
        .varint(restore.backupEpoch())
        .varint(restore.backupNumber())
        .varint(restore.namespaceId())
        .varint(restore.section())
        .varint(restore.floorEpoch())
        .varint(restore.floorNumber())
        .toBytes();
  }

  static RestoreRecord restore(byte[] value) {
    return read(
        "restore",
        value,
        (in, version) ->
            new RestoreRecord(
                in.doubleWord(),
                in.flag(),
                in.varint(),
                in.count(RouteTable.MAX_INCARNATION),
                in.varint(0, RouteTable.MAX_EPOCH),
                in.varint(0, Limits.MAX_NUMBER),
                in.count(Integer.MAX_VALUE),
                in.count(Limits.MAX_SECTIONS),
                in.varint(0, RouteTable.MAX_EPOCH),
                in.varint(0, Limits.MAX_NUMBER)));
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
