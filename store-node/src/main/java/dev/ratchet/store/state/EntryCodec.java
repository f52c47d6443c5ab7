package dev.ratchet.store.state;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.RaiseItem;
import dev.ratchet.proto.message.ReleaseItem;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.WitnessItem;
import dev.ratchet.proto.route.RouteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.zip.CRC32C;

/**
 * Log entries: {@code [version byte][type byte][body][CRC32C of all before it]}. The layout is
 * written out by hand and versioned on its own, since logs outlive wire messages. There is one
 * encoding of a command, and only that one is read. Stateless.
 */
public final class EntryCodec {
  /**
   * Version of the entry layout, which a new type of entry raises too: a node that does not know
   * the type can't read it. The frame of version byte first and CRC32C last is that of every
   * version.
   */
  public static final int VERSION = 1;

  /** Oldest version that is read. */
  public static final int OLDEST_VERSION = 1;

  /** Largest entry: what a request of the largest frame can become. */
  public static final int MAX_ENTRY_BYTES = Limits.MAX_REQUEST_BYTES;

  private static final int HEADER_BYTES = 2;
  private static final int CRC_BYTES = 4;

  private static final int REGISTER = 1;
  private static final int RENEW = 2;
  private static final int GRANT = 3;
  private static final int RAISE = 4;
  private static final int RELEASE = 5;
  private static final int EXPIRE = 6;
  private static final int CREATE_NAMESPACE = 7;
  private static final int CREATE_STRICT_NAMESPACE = 10;
  private static final int SUSPECT = 11;
  private static final int CONFIRM = 12;
  private static final int WITNESS = 13;
  private static final int RESUME = 14;
  private static final int SET_MEMBERS = 30;
  private static final int BEGIN_RESTORE = 31;
  private static final int RESTORE_SECTIONS = 32;
  private static final int END_RESTORE = 33;

  /** From 20: what operators ask of placement. */
  private static final int DRAIN = 20;

  private static final int PIN = 21;
  private static final int UNPIN = 22;

  private EntryCodec() {}

  /**
   * The entry of a command.
   *
   * @throws RatchetException {@link ErrorCode#INVALID_ARGUMENT} when it is larger than {@link
   *     #MAX_ENTRY_BYTES}
   */
  public static byte[] encode(Command command) {
    FieldWriter out = new FieldWriter(128).octet(VERSION);
    if (command instanceof Command.Register register) {
      write(out.octet(REGISTER), register);
    } else if (command instanceof Command.Renew renew) {
      out.octet(RENEW).varint(renew.incarnation()).flag(renew.leaving());
    } else if (command instanceof Command.Grant grant) {
      write(out.octet(GRANT), grant);
    } else if (command instanceof Command.Raise raise) {
      write(out.octet(RAISE), raise);
    } else if (command instanceof Command.Release release) {
      write(out.octet(RELEASE), release);
    } else if (command instanceof Command.Expire expire) {
      out.octet(EXPIRE).varint(expire.incarnation()).varint(expire.renewal());
    } else if (command instanceof Command.CreateNamespace create) {
      boolean strict = create.namespace().strict();
      out.octet(strict ? CREATE_STRICT_NAMESPACE : CREATE_NAMESPACE);
      Records.fields(out, create.namespace());
    } else if (command instanceof Command.Suspect suspect) {
      out.octet(SUSPECT).varint(suspect.incarnation()).varint(suspect.renewal());
    } else if (command instanceof Command.Confirm confirm) {
      write(out.octet(CONFIRM), confirm);
    } else if (command instanceof Command.Witness witness) {
      write(out.octet(WITNESS), witness);
    } else if (command instanceof Command.Resume resume) {
      out.octet(RESUME)
          .varint(resume.namespaceId())
          .varint(resume.first())
          .varint(resume.count())
          .varint(resume.jump());
    } else if (command instanceof Command.SetMembers members) {
      write(out.octet(SET_MEMBERS), members);
    } else if (command instanceof RestoreStep.Begin begin) {
      write(out.octet(BEGIN_RESTORE), begin);
    } else if (command instanceof RestoreStep.Sections sections) {
      write(out.octet(RESTORE_SECTIONS), sections);
    } else if (command instanceof RestoreStep.End end) {
      out.octet(END_RESTORE).doubleWord(end.id());
    } else if (command instanceof Command.Drain drain) {
      out.octet(DRAIN).text(drain.node()).flag(drain.undo());
    } else if (command instanceof Command.Pin pin) {
      out.octet(PIN).varint(pin.namespaceId()).varint(pin.section()).text(pin.node());
    } else if (command instanceof Command.Unpin) {
      out.octet(UNPIN);
    }
    if (out.size() + CRC_BYTES > MAX_ENTRY_BYTES) {
      throw new RatchetException(
          ErrorCode.INVALID_ARGUMENT,
          "the command takes "
              + out.size()
              + " bytes in the log; the limit is "
              + MAX_ENTRY_BYTES
              + ": send smaller batches");
    }
    byte[] body = out.toBytes();
    return out.word(crc(body, body.length)).toBytes();
  }

  /**
   * The command of an entry.
   *
   * @throws UndecodableEntryException when the bytes are anything but one
   */
  public static Command decode(byte[] entry) {
    int end = entry.length - CRC_BYTES;
    if (end < HEADER_BYTES || entry.length > MAX_ENTRY_BYTES) {
      throw new UndecodableEntryException("no entry has " + entry.length + " bytes");
    }
    int written = new FieldReader(entry, end, entry.length).word();
    int computed = crc(entry, end);
    if (written != computed) {
      throw new UndecodableEntryException(
          String.format("the entry is damaged: its CRC32C is %08x, not %08x", computed, written));
    }
    FieldReader in = new FieldReader(entry, 0, end);
    int version = in.octet();
    if (version < OLDEST_VERSION || version > VERSION) {
      throw new UnknownVersionException(version);
    }
    try {
      Command command = body(in.octet(), in);
      in.end();
      return command;
    } catch (RatchetException e) {
      throw new UndecodableEntryException("the entry is out of bounds: " + e.getMessage(), e);
    }
  }

  private static Command body(int type, FieldReader in) {
    return switch (type) {
      case REGISTER -> register(in);
      case RENEW -> new Command.Renew(incarnation(in), in.flag());
      case GRANT -> new Command.Grant(list(in, EntryCodec::run));
      case RAISE -> new Command.Raise(incarnation(in), list(in, EntryCodec::raiseItem));
      case RELEASE ->
          new Command.Release(incarnation(in), list(in, EntryCodec::releaseItem), in.flag());
      case EXPIRE -> new Command.Expire(incarnation(in), in.varint());
      case CREATE_NAMESPACE -> new Command.CreateNamespace(Records.namespaceFields(in, false));
      case CREATE_STRICT_NAMESPACE ->
          new Command.CreateNamespace(Records.namespaceFields(in, true));
      case SUSPECT -> new Command.Suspect(incarnation(in), in.varint());
      case CONFIRM -> new Command.Confirm(incarnation(in), list(in, EntryCodec::sectionEpoch));
      case WITNESS -> new Command.Witness(list(in, EntryCodec::witnessItem));
      case RESUME ->
          new Command.Resume(
              in.count(Integer.MAX_VALUE),
              in.count(Limits.MAX_SECTIONS),
              in.count(Command.MAX_GRANTED_SECTIONS),
              in.varint());
      case SET_MEMBERS -> new Command.SetMembers(in.varint(), Records.memberList(in));
      case BEGIN_RESTORE -> beginRestore(in);
      case RESTORE_SECTIONS ->
          new RestoreStep.Sections(
              in.doubleWord(),
              in.count(Integer.MAX_VALUE),
              in.count(Limits.MAX_SECTIONS),
              list(in, saved -> new RestoreStep.SavedSection(saved.varint(), saved.varint())));
      case END_RESTORE -> new RestoreStep.End(in.doubleWord());
      case DRAIN -> new Command.Drain(in.text(Command.MAX_NAME_BYTES), in.flag());
      case PIN ->
          new Command.Pin(
              in.count(Integer.MAX_VALUE),
              in.count(Limits.MAX_SECTIONS),
              in.text(Command.MAX_NAME_BYTES));
      case UNPIN -> new Command.Unpin();
      default -> throw new UndecodableEntryException("the entry has the unknown type " + type);
    };
  }

  private static void write(FieldWriter out, Command.Register register) {
    out.text(register.node())
        .text(register.zone())
        .text(register.host())
        .varint(register.port())
        .doubleWord(register.process())
        .varint(register.holderMillis());
  }

  private static Command register(FieldReader in) {
    return new Command.Register(
        in.text(Command.MAX_NAME_BYTES),
        in.text(Command.MAX_NAME_BYTES),
        in.text(Command.MAX_NAME_BYTES),
        in.count(Command.MAX_PORT),
        in.doubleWord(),
        in.count(Command.MAX_HOLDER_MILLIS));
  }

  private static void write(FieldWriter out, Command.Grant grant) {
    out.varint(grant.runs().size());
    for (Command.Run run : grant.runs()) {
      out.varint(run.namespaceId())
          .varint(run.first())
          .varint(run.count())
          .varint(run.incarnation());
    }
  }

  private static Command.Run run(FieldReader in) {
    return new Command.Run(
        in.count(Integer.MAX_VALUE),
        in.count(Limits.MAX_SECTIONS),
        in.count(Command.MAX_GRANTED_SECTIONS),
        incarnation(in));
  }

  private static void write(FieldWriter out, Command.Raise raise) {
    out.varint(raise.incarnation()).varint(raise.items().size());
    for (RaiseItem item : raise.items()) {
      out.varint(item.namespaceId())
          .varint(item.section())
          .varint(item.epoch())
          .varint(item.expected())
          .varint(item.target());
    }
  }

  private static RaiseItem raiseItem(FieldReader in) {
    return new RaiseItem(
        in.count(Integer.MAX_VALUE),
        in.count(Limits.MAX_SECTIONS),
        in.varint(),
        in.varint(),
        in.varint());
  }

  private static void write(FieldWriter out, Command.Release release) {
    out.varint(release.incarnation()).varint(release.items().size());
    for (ReleaseItem item : release.items()) {
      out.varint(item.namespaceId())
          .varint(item.section())
          .varint(item.epoch())
          .varint(item.maxSeq())
          .varint(item.chunk())
          .bytes(item.positions())
          .flag(item.last())
          .varint(item.base());
    }
    out.flag(release.leave());
  }

  private static ReleaseItem releaseItem(FieldReader in) {
    return new ReleaseItem(
        in.count(Integer.MAX_VALUE),
        in.count(Limits.MAX_SECTIONS),
        in.varint(),
        in.varint(),
        in.count(Command.MAX_CHUNKS),
        in.bytes(Limits.MAX_HANDOVER_CHUNK),
        in.flag(),
        in.varint());
  }

  private static void write(FieldWriter out, Command.Confirm confirm) {
    out.varint(confirm.incarnation()).varint(confirm.sections().size());
    for (SectionEpoch item : confirm.sections()) {
      out.varint(item.namespaceId()).varint(item.section()).varint(item.epoch());
    }
  }

  private static SectionEpoch sectionEpoch(FieldReader in) {
    return new SectionEpoch(
        in.count(Integer.MAX_VALUE), in.count(Limits.MAX_SECTIONS), in.varint());
  }

  private static void write(FieldWriter out, Command.Witness witness) {
    out.varint(witness.items().size());
    for (WitnessItem item : witness.items()) {
      out.varint(item.namespaceId())
          .varint(item.section())
          .varint(item.epoch())
          .varint(item.maxSeq());
    }
  }

  private static WitnessItem witnessItem(FieldReader in) {
    return new WitnessItem(
        in.count(Integer.MAX_VALUE), in.count(Limits.MAX_SECTIONS), in.varint(), in.varint());
  }

  private static void write(FieldWriter out, Command.SetMembers members) {
    out.varint(members.expected()).varint(members.members().size());
    members.members().forEach(member -> Records.fields(out, member));
  }

  private static void write(FieldWriter out, RestoreStep.Begin begin) {
    out.doubleWord(begin.id())
        .varint(begin.jump())
        .varint(begin.routeVersion())
        .varint(begin.lastIncarnation())
        .varint(begin.lastNamespace())
        .varint(begin.floorEpoch())
        .varint(begin.floorNumber())
        .varint(begin.namespaces().size());
    begin
        .namespaces()
        .forEach(
            namespace -> {
              Records.fields(out, namespace);
              out.flag(namespace.strict());
            });
  }

  private static RestoreStep.Begin beginRestore(FieldReader in) {
    return new RestoreStep.Begin(
        in.doubleWord(),
        in.varint(),
        in.varint(),
        in.count(RouteTable.MAX_INCARNATION),
        in.count(Integer.MAX_VALUE),
        in.varint(),
        in.varint(),
        list(in, Records::namespaceWithMode));
  }

  private static void write(FieldWriter out, RestoreStep.Sections restore) {
    out.doubleWord(restore.id())
        .varint(restore.namespaceId())
        .varint(restore.first())
        .varint(restore.sections().size());
    for (RestoreStep.SavedSection section : restore.sections()) {
      out.varint(section.epoch()).varint(section.maxSeq());
    }
  }

  private static int incarnation(FieldReader in) {
    return in.count(RouteTable.MAX_INCARNATION);
  }

  private static <T> List<T> list(FieldReader in, Function<FieldReader, T> item) {
    int size = in.count(Command.MAX_ITEMS);
    List<T> items = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      items.add(item.apply(in));
    }
    return items;
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
