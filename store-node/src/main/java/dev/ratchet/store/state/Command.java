package dev.ratchet.store.state;

import static dev.ratchet.store.state.Bounds.check;
import static dev.ratchet.store.state.Bounds.checkAddress;
import static dev.ratchet.store.state.Bounds.checkIncarnation;
import static dev.ratchet.store.state.Bounds.checkName;
import static dev.ratchet.store.state.Bounds.checkNamespace;
import static dev.ratchet.store.state.Bounds.checkSection;
import static dev.ratchet.store.state.Bounds.utf8Length;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.RaiseItem;
import dev.ratchet.proto.message.ReleaseItem;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.WitnessItem;
import dev.ratchet.proto.route.RouteTable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What can be written in the log. A command that is out of bounds can't be made: its constructor
 * throws {@link RatchetException} of {@link ErrorCode#INVALID_ARGUMENT}. Immutable.
 */
public sealed interface Command
    permits Command.Register,
        Command.Renew,
        Command.Grant,
        Command.Raise,
        Command.Release,
        Command.Expire,
        Command.Suspect,
        Command.Confirm,
        Command.Witness,
        Command.Resume,
        Command.CreateNamespace,
        Command.Drain,
        Command.Pin,
        Command.Unpin,
        Command.SetMembers,
        RestoreStep {

  /** Longest node id, zone or host, in bytes of UTF-8. */
  int MAX_NAME_BYTES = 255;

  int MAX_PORT = 65_535;

  /** Longest time a holder may count a lease: an hour. */
  int MAX_HOLDER_MILLIS = 3_600_000;

  /** Most items of a batch. */
  int MAX_ITEMS = Limits.MAX_BATCH;

  /** Most sections that one grant entry gives away. */
  int MAX_GRANTED_SECTIONS = 4_096;

  /** Most sections that are kept where an operator wants them. */
  int MAX_PINS = 1_024;

  /** Most store nodes of a cluster. */
  int MAX_MEMBERS = 15;

  /** Length of a disk id, in bytes of UTF-8. */
  int DISK_ID_BYTES = 32;

  /** Most chunks of positions kept for a section. */
  int MAX_CHUNKS = 1_024;

  /**
   * Asks for a lease.
   *
   * @param node node id
   * @param zone zone
   * @param host host of the native port
   * @param port native port
   * @param process random number of this life of the process
   * @param holderMillis how long the holder counts the lease
   */
  record Register(String node, String zone, String host, int port, long process, int holderMillis)
      implements Command {
    public Register {
      checkName("node id", node);
      checkName("zone", zone);
      checkName("host", host);
      check("port", port, 1, MAX_PORT);
      check("holder time in milliseconds", holderMillis, 1, MAX_HOLDER_MILLIS);
    }
  }

  /**
   * Renews the lease of an incarnation.
   *
   * @param incarnation the lease
   * @param leaving from this entry on nothing more is granted to it; it stays so
   */
  record Renew(int incarnation, boolean leaving) implements Command {
    public Renew {
      checkIncarnation(incarnation);
    }

    /** Renews the lease of an incarnation that stays. */
    public Renew(int incarnation) {
      this(incarnation, false);
    }
  }

  /**
   * Neighbouring sections for one incarnation.
   *
   * @param namespaceId namespace
   * @param first first section
   * @param count number of sections
   * @param incarnation who gets them
   */
  record Run(int namespaceId, int first, int count, int incarnation) {
    public Run {
      checkSection(namespaceId, first);
      check("count of sections", count, 1, MAX_GRANTED_SECTIONS);
      checkIncarnation(incarnation);
    }
  }

  /** Gives sections to incarnations; at most {@link #MAX_GRANTED_SECTIONS} of them. */
  record Grant(List<Run> runs) implements Command {
    public Grant {
      runs = List.copyOf(runs);
      check("runs of sections", runs.size(), 1, MAX_GRANTED_SECTIONS);
      long sections = runs.stream().mapToLong(Run::count).sum();
      check("granted sections", sections, 1, MAX_GRANTED_SECTIONS);
    }
  }

  /** Lifts ceilings, each by compare-and-set. */
  record Raise(int incarnation, List<RaiseItem> items) implements Command {
    public Raise {
      items = List.copyOf(items);
      checkIncarnation(incarnation);
      check("raises", items.size(), 0, MAX_ITEMS);
      for (RaiseItem item : items) {
        checkSection(item.namespaceId(), item.section());
        check("epoch", item.epoch(), 0, RouteTable.MAX_EPOCH);
        check("expected maxSeq", item.expected(), 0, Long.MAX_VALUE);
        check("target maxSeq", item.target(), 0, Long.MAX_VALUE);
      }
    }
  }

  /**
   * Gives back sections, or leaves chunks of their positions.
   *
   * @param incarnation the lease
   * @param items carried out in order
   * @param leave end the lease afterwards
   */
  record Release(int incarnation, List<ReleaseItem> items, boolean leave) implements Command {
    public Release {
      items = List.copyOf(items);
      checkIncarnation(incarnation);
      check("releases", items.size(), 0, MAX_ITEMS);
      for (ReleaseItem item : items) {
        checkSection(item.namespaceId(), item.section());
        check("epoch", item.epoch(), 0, RouteTable.MAX_EPOCH);
        check("maxSeq", item.maxSeq(), 0, Limits.MAX_NUMBER);
        check("base", item.base(), 0, Limits.MAX_NUMBER);
        check("index of the chunk", item.chunk(), 0, MAX_CHUNKS);
        check("bytes of the chunk", item.positions().length, 0, Limits.MAX_HANDOVER_CHUNK);
      }
    }
  }

  /**
   * Ends a lease that nobody renewed in time.
   *
   * @param incarnation the lease
   * @param renewal the last renewal seen; a newer one defeats the expire
   */
  record Expire(int incarnation, long renewal) implements Command {
    public Expire {
      checkIncarnation(incarnation);
      check("renewal", renewal, 0, Long.MAX_VALUE);
    }
  }

  /**
   * The holder of a lease is not heard of any more: sections of strict namespaces may be granted to
   * others at once. Its next renewal ends the suspicion.
   *
   * @param incarnation the lease
   * @param renewal the last renewal seen; a newer one defeats the suspicion
   */
  record Suspect(int incarnation, long renewal) implements Command {
    public Suspect {
      checkIncarnation(incarnation);
      check("renewal", renewal, 0, Long.MAX_VALUE);
    }
  }

  /**
   * A barrier: asks which of the sections are still the incarnation's.
   *
   * @param incarnation the lease
   * @param sections each under the epoch it was granted with
   */
  record Confirm(int incarnation, List<SectionEpoch> sections) implements Command {
    public Confirm {
      sections = List.copyOf(sections);
      checkIncarnation(incarnation);
      check("confirmed sections", sections.size(), 1, MAX_ITEMS);
      for (SectionEpoch item : sections) {
        checkSection(item.namespaceId(), item.section());
        check("epoch", item.epoch(), 0, RouteTable.MAX_EPOCH);
      }
    }
  }

  /** What a node saw committed. Sections that are behind it here are halted. */
  record Witness(List<WitnessItem> items) implements Command {
    public Witness {
      items = List.copyOf(items);
      check("witnessed sections", items.size(), 1, MAX_ITEMS);
      for (WitnessItem item : items) {
        checkSection(item.namespaceId(), item.section());
        check("epoch", item.epoch(), 1, RouteTable.MAX_EPOCH);
        check("maxSeq", item.maxSeq(), 0, Limits.MAX_NUMBER);
      }
    }
  }

  /**
   * Lets halted sections be granted again, above all that may have been issued.
   *
   * @param namespaceId namespace
   * @param first first section
   * @param count number of sections
   * @param jump numbers to skip: more than may have been issued unseen
   */
  record Resume(int namespaceId, int first, int count, long jump) implements Command {
    public Resume {
      checkSection(namespaceId, first);
      check("count of sections", count, 1, MAX_GRANTED_SECTIONS);
      check("jump", jump, 0, Limits.MAX_NUMBER);
    }
  }

  /** Creates a namespace, still without an id. Its other rules are checked when it is applied. */
  record CreateNamespace(Namespace namespace) implements Command {
    public CreateNamespace {
      check("namespace id", namespace.id(), 0, 0);
      checkNamespace(namespace);
    }
  }

  /**
   * Has a node's living lease take nothing on any more, for an operator; its holder goes on with
   * what it has until it is asked to release it.
   *
   * @param node node id
   * @param undo let it take sections again instead
   */
  record Drain(String node, boolean undo) implements Command {
    public Drain {
      checkName("node id", node);
    }
  }

  /**
   * Wants a section at a node, and kept there, for an operator. The node's living lease is meant.
   *
   * @param namespaceId namespace
   * @param section section
   * @param node node id
   */
  record Pin(int namespaceId, int section, String node) implements Command {
    public Pin {
      checkSection(namespaceId, section);
      checkName("node id", node);
    }
  }

  /** Forgets all pins. */
  record Unpin() implements Command {}

  /**
   * Says which store nodes the cluster is to have.
   *
   * @param expected version of the members that this replaces
   * @param members all of them
   */
  record SetMembers(long expected, List<StoreMember> members) implements Command {
    public SetMembers {
      members = List.copyOf(members);
      check("version of the members", expected, 0, Long.MAX_VALUE - 1);
      check("members", members.size(), 1, MAX_MEMBERS);
      Set<Object> seen = new HashSet<>();
      for (StoreMember member : members) {
        checkName("node id", member.node());
        checkName("zone", member.zone());
        checkAddress(member.rpc());
        checkAddress(member.raft());
        check("bytes of the disk id", utf8Length(member.disk()), DISK_ID_BYTES, DISK_ID_BYTES);
        boolean isNew = seen.add(member.node());
        isNew &= seen.add(member.rpc());
        isNew &= seen.add(member.raft());
        if (!isNew) {
          throw new RatchetException(
              ErrorCode.INVALID_ARGUMENT,
              "the node id or an address of store node '" + member.node() + "' is there twice");
        }
      }
    }
  }
}
