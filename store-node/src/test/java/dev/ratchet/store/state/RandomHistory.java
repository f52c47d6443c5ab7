package dev.ratchet.store.state;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.RaiseItem;
import dev.ratchet.proto.message.ReleaseItem;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.WitnessItem;
import dev.ratchet.proto.rpc.HostPort;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A random history in a small world, where commands meet each other: mostly what a right cluster
 * would propose, and now and then what a stale, repeating or broken one would.
 */
final class RandomHistory {
  private static final int NODES = 4;
  private static final int NAMESPACES = 2;
  private static final int SECTIONS = 4;

  private final Random random;
  private final StateReader reader;
  private @Nullable Command last;

  /** All leases are being ended, so that a restore can begin. */
  private boolean closing;

  RandomHistory(long seed, StateReader reader) {
    this.random = new Random(seed);
    this.reader = reader;
  }

  Command next() {
    Command repeat = last;
    if (repeat != null && random.nextInt(12) == 0) {
      return repeat;
    }
    Command command = fresh();
    last = command;
    return command;
  }

  private Command fresh() {
    closing |= random.nextInt(60) == 0;
    List<Lease> living = reader.leases();
    if (closing && !living.isEmpty()) {
      return new Command.Expire(living.get(0).incarnation(), living.get(0).renewal());
    } else if (closing || random.nextInt(reader.restore().active() ? 2 : 100) == 0) {
      closing = false;
      return restore();
    } else if (random.nextInt(40) == 0) {
      return setMembers();
    }
    int dice = random.nextInt(29);
    if (dice < 4) {
      return Replica.registration("n" + random.nextInt(NODES), random.nextInt(3));
    } else if (dice < 5) {
      int which = random.nextInt(NAMESPACES);
      Namespace wanted = Namespace.string("s" + which, SECTIONS, 1 + random.nextInt(100));
      return new Command.CreateNamespace(which == 0 ? wanted : wanted.asStrict());
    } else if (dice < 6) {
      return new Command.Renew(incarnation(), random.nextInt(4) == 0);
    } else if (dice < 8) {
      return expire();
    } else if (dice < 12) {
      return new Command.Grant(some(this::run));
    } else if (dice < 16) {
      return raise();
    } else if (dice < 20) {
      return release();
    } else if (dice < 22) {
      return new Command.Pin(
          namespace(), random.nextInt(SECTIONS + 1), "n" + random.nextInt(NODES));
    } else if (dice < 23) {
      return new Command.Unpin();
    }
    if (dice < 25) {
      Command.Expire named = expire();
      return new Command.Suspect(named.incarnation(), named.renewal());
    } else if (dice < 26) {
      return confirm();
    } else if (dice < 27 && reader.namespaces().size() == NAMESPACES) {
      return new Command.Witness(some(this::witnessed));
    } else if (dice < 28) {
      return new Command.Resume(namespace(), random.nextInt(SECTIONS), 1, random.nextInt(500));
    }
    return new Command.Drain("n" + random.nextInt(NODES), random.nextBoolean());
  }

  private WitnessItem witnessed() {
    int namespace = namespace();
    int section = random.nextInt(SECTIONS);
    SectionRecord record = record(namespace, section);
    return new WitnessItem(
        namespace, section, Math.max(1, near(record.epoch())), near(record.maxSeq()));
  }

  private Command confirm() {
    return new Command.Confirm(
        incarnation(),
        some(
            () -> {
              int namespace = namespace();
              int section = random.nextInt(SECTIONS);
              return new SectionEpoch(namespace, section, near(record(namespace, section).epoch()));
            }));
  }

  /** The next step of the restore under way, or the first of a new one. */
  private Command restore() {
    RestoreRecord restore = reader.restore();
    long id = random.nextInt(12) == 0 ? 77 : restore.id();
    if (!restore.active() || random.nextInt(20) == 0) {
      List<Namespace> namespaces = random.nextInt(6) == 0 ? List.of() : reader.namespaces();
      int lastNamespace = namespaces.stream().mapToInt(Namespace::id).max().orElse(0);
      return new RestoreStep.Begin(
          1 + random.nextInt(1_000_000),
          1 + random.nextInt(1_000),
          random.nextInt(1_000),
          random.nextInt(20),
          Math.max(0, lastNamespace + 1 - random.nextInt(8) / 7 * 2),
          random.nextInt(5),
          random.nextInt(500),
          namespaces);
    }
    if (restore.namespaceId() == 0 || id == 0) {
      return new RestoreStep.End(Math.max(1, id));
    }
    int first = (int) near(restore.section());
    List<RestoreStep.SavedSection> saved =
        IntStream.range(0, 1 + random.nextInt(Math.max(1, SECTIONS - first)))
            .mapToObj(i -> savedSection())
            .toList();
    return new RestoreStep.Sections(id, restore.namespaceId(), first, saved);
  }

  private RestoreStep.SavedSection savedSection() {
    int epoch = random.nextInt(10);
    return new RestoreStep.SavedSection(epoch, epoch == 0 ? 0 : random.nextInt(1_000));
  }

  private Command setMembers() {
    List<StoreMember> members =
        IntStream.rangeClosed(1, 1 + random.nextInt(4))
            .mapToObj(
                i ->
                    new StoreMember(
                        "store-" + i,
                        "zone-" + i,
                        new HostPort("h" + i, 1),
                        new HostPort("h" + i, 2),
                        String.format("%032d", random.nextInt(8) == 0 ? 1 : 0)))
            .toList();
    return new Command.SetMembers(near(reader.members().version()), members);
  }

  private Command.Expire expire() {
    int incarnation = incarnation();
    Lease lease = reader.lease(incarnation);
    long renewal = lease == null || random.nextInt(4) == 0 ? random.nextInt(3) : lease.renewal();
    return new Command.Expire(incarnation, renewal);
  }

  private Command.Run run() {
    return new Command.Run(
        namespace(), random.nextInt(SECTIONS), 1 + random.nextInt(3), incarnation());
  }

  private Command raise() {
    int from = random.nextInt(5) == 0 ? incarnation() : 0;
    SectionRecord first = record(namespace(), random.nextInt(SECTIONS));
    int incarnation = from == 0 ? Math.max(1, first.owner()) : from;
    return new Command.Raise(
        incarnation,
        some(
            () -> {
              int namespace = namespace();
              int section = random.nextInt(SECTIONS);
              SectionRecord record = record(namespace, section);
              long target = Math.max(0, record.maxSeq() + 50 - random.nextInt(70));
              return new RaiseItem(
                  namespace, section, near(record.epoch()), near(record.maxSeq()), target);
            }));
  }

  private Command release() {
    SectionRecord first = record(namespace(), random.nextInt(SECTIONS));
    int incarnation = random.nextInt(5) == 0 ? incarnation() : Math.max(1, first.owner());
    return new Command.Release(incarnation, some(this::item), random.nextInt(8) == 0);
  }

  private ReleaseItem item() {
    int namespace = namespace();
    int section = random.nextInt(SECTIONS);
    SectionRecord record = record(namespace, section);
    boolean mine = record.handoverEpoch() == record.epoch();
    int chunk = mine && random.nextBoolean() ? (int) near(record.handoverChunks()) : 0;
    byte[] positions = new byte[random.nextInt(4)];
    random.nextBytes(positions);
    long width = record.maxSeq() - record.base();
    long base = near(record.base() + (width == 0 ? 0 : random.nextLong(width)));
    return new ReleaseItem(
        namespace,
        section,
        near(record.epoch()),
        near(record.maxSeq()),
        chunk,
        positions,
        random.nextInt(3) > 0,
        base);
  }

  /** The right number nearly always, or one beside it. */
  private long near(long number) {
    return random.nextInt(12) == 0 ? Math.max(0, number + random.nextInt(3) - 1) : number;
  }

  /** One that exists mostly: after a restore their ids are far from 1. */
  private int namespace() {
    List<Namespace> all = reader.namespaces();
    return all.isEmpty() || random.nextInt(10) == 0
        ? 1 + random.nextInt(NAMESPACES)
        : all.get(random.nextInt(all.size())).id();
  }

  /** A living incarnation mostly, else any. */
  private int incarnation() {
    List<Lease> leases = reader.leases();
    if (leases.isEmpty() || random.nextInt(8) == 0) {
      return 1 + random.nextInt(10);
    }
    return leases.get(random.nextInt(leases.size())).incarnation();
  }

  private SectionRecord record(int namespace, int section) {
    SectionRecord record = reader.section(namespace, section);
    return record == null ? SectionRecord.NEVER_GRANTED : record;
  }

  private <T> List<T> some(Supplier<T> item) {
    return IntStream.rangeClosed(0, random.nextInt(4)).mapToObj(i -> item.get()).toList();
  }
}
