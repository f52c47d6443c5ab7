package dev.ratchet.proto.route;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.SectionRun;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Section → owner and epoch, in versions. Look-ups take no lock and may run beside an update;
 * updates and deltas exclude each other.
 *
 * <p>Invariants: a section's epoch never goes down; the version never goes down, and is raised only
 * after all it covers is visible; a delta that starts above the table's version is refused, since
 * it would leave a hole.
 */
public final class RouteTable {
  /** Bits of a packed word that hold the owner's incarnation; the others hold the epoch. */
  private static final int OWNER_BITS = 28;

  private static final long OWNER_MASK = (1L << OWNER_BITS) - 1;

  /** Largest incarnation that a table can hold. */
  public static final int MAX_INCARNATION = (int) OWNER_MASK;

  /** Largest epoch that a table can hold. */
  public static final long MAX_EPOCH = (1L << (63 - OWNER_BITS)) - 1;

  private volatile Directory directory =
      new Directory(new IntObjectHashMap<>(), Map.of(), new IntObjectHashMap<>());
  private volatile long version;

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /**
   * Sections of a namespace: owner and epoch packed in one word, so that a look-up sees a matching
   * pair; and the version that last changed each, read and written under the table's lock only.
   */
  private static final class Sections {
    final Namespace namespace;
    final AtomicLongArray words;
    final long[] changedAt;

    Sections(Namespace namespace) {
      this.namespace = namespace;
      words = new AtomicLongArray(namespace.sectionCount());
      changedAt = new long[namespace.sectionCount()];
    }
  }

  /**
   * Maps that never change; their order is the same in every process, unlike that of Map.copyOf.
   */
  private record Directory(
      IntObjectMap<Sections> byId, Map<String, Namespace> byName, IntObjectMap<OwnerInfo> owners) {}

  /** The version: everything up to it is in the table. */
  public long version() {
    return version;
  }

  /** The namespace of a name, or null. */
  public @Nullable Namespace namespace(String name) {
    return directory.byName.get(name);
  }

  /** The namespace of an id, or null. */
  public @Nullable Namespace namespace(int id) {
    Sections sections = directory.byId.get(id);
    return sections == null ? null : sections.namespace;
  }

  /** All namespaces, in no order. */
  public Collection<Namespace> namespaces() {
    return directory.byName.values();
  }

  /** All living allocation nodes, in no order. */
  public Collection<OwnerInfo> owners() {
    return directory.owners.values();
  }

  /** The living allocation node of an incarnation, or null. */
  public @Nullable OwnerInfo owner(int incarnation) {
    return directory.owners.get(incarnation);
  }

  /** The route of a section, or null if the table has no such section. */
  @SuppressWarnings("ReferenceEquality") // asks whether it was replaced meanwhile
  public @Nullable Route route(int namespaceId, int section) {
    while (true) {
      Directory now = directory;
      Sections sections = now.byId.get(namespaceId);
      if (sections == null || section < 0 || section >= sections.words.length()) {
        return null;
      }
      long word = sections.words.get(section);
      int incarnation = (int) (word & OWNER_MASK);
      OwnerInfo owner = now.owners.get(incarnation);
      // An owner that is missing is gone, unless the word is newer than the directory read.
      if (owner != null || incarnation == 0 || directory == now) {
        return new Route(owner, word >>> OWNER_BITS);
      }
    }
  }

  /** The sections of a namespace, to walk over all of them; or null if the table has none. */
  public @Nullable Walk walk(int namespaceId) {
    Sections sections = directory.byId.get(namespaceId);
    return sections == null ? null : new Walk(sections);
  }

  /**
   * Reads the routes of one namespace, section by section: what {@link #route} says, without an
   * object for each, for who looks at tens of thousands. Not thread-safe; other threads may update
   * the table meanwhile.
   */
  public final class Walk {
    private final Sections sections;
    private Directory read = directory;
    private int incarnation;
    private @Nullable OwnerInfo owner;
    private long epoch;

    private Walk(Sections sections) {
      this.sections = sections;
    }

    /** How many sections there are; the first is 0. */
    public int count() {
      return sections.words.length();
    }

    /** Goes to a section; what is read of it from now on is of one moment. */
    @SuppressWarnings("ReferenceEquality") // asks whether it was replaced meanwhile
    public void at(int section) {
      long word = sections.words.get(section);
      int named = (int) (word & OWNER_MASK);
      epoch = word >>> OWNER_BITS;
      Directory now = directory;
      if (named == incarnation && read == now) {
        return; // neighbours have the same owner
      }
      incarnation = named;
      while (true) {
        read = now;
        owner = now.owners.get(named);
        now = directory;
        // An owner that is missing is gone, unless the word is newer than the directory read.
        if (owner != null || named == 0 || read == now) {
          return;
        }
      }
    }

    /** Who serves the section, or null. */
    public @Nullable OwnerInfo owner() {
      return owner;
    }

    /** Epoch of the section. */
    public long epoch() {
      return epoch;
    }
  }

  /**
   * Takes in a delta: from the table's version or below, so parts of it may be known already. Runs
   * that no table can hold (of an unknown namespace, past its sections, past {@link #MAX_EPOCH} or
   * {@link #MAX_INCARNATION}) are left out.
   *
   * @return whether it was taken; false when it starts above the table's version, or is older than
   *     the table
   */
  public boolean apply(RouteDelta delta) {
    boolean taken = take(delta);
    if (taken) {
      listeners.forEach(Runnable::run);
    }
    return taken;
  }

  /**
   * Calls back after each delta taken, on the thread that applied it, which must not be held up.
   */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  private synchronized boolean take(RouteDelta delta) {
    if (delta.from() > version || delta.version() < version) {
      return false;
    }
    Directory old = directory;
    IntObjectMap<Sections> byId = new IntObjectHashMap<>();
    Map<String, Namespace> byName = new HashMap<>();
    for (Namespace namespace : delta.namespaces()) {
      Sections known = old.byId.get(namespace.id());
      Sections sections = known == null ? new Sections(namespace) : known;
      byId.put(namespace.id(), sections);
      byName.put(sections.namespace.name(), sections.namespace);
    }
    IntObjectMap<OwnerInfo> owners = new IntObjectHashMap<>();
    delta.owners().forEach(owner -> owners.put(owner.incarnation(), owner));
    IntObjectMap<OwnerInfo> oldAndNew = new IntObjectHashMap<>();
    oldAndNew.putAll(old.owners);
    oldAndNew.putAll(owners);
    // Before any word names a new owner, a look-up must be able to find it.
    directory = new Directory(old.byId, old.byName, oldAndNew);
    for (SectionRun run : delta.runs()) {
      Sections sections = byId.get(run.namespaceId());
      if (sections != null && fits(run)) {
        write(sections, run, delta.version());
      }
    }
    directory = new Directory(byId, byName, owners);
    version = delta.version();
    return true;
  }

  private static boolean fits(SectionRun run) {
    return run.owner() >= 0
        && run.owner() <= MAX_INCARNATION
        && run.epoch() >= 0
        && run.epoch() <= MAX_EPOCH;
  }

  @GuardedBy("this")
  private void write(Sections sections, SectionRun run, long at) {
    long word = run.epoch() << OWNER_BITS | run.owner();
    long end = Math.min((long) run.first() + run.count(), sections.words.length());
    for (int section = Math.max(run.first(), 0); section < end; section++) {
      long old = sections.words.get(section);
      if (word != old && run.epoch() >= old >>> OWNER_BITS) {
        sections.words.set(section, word);
        sections.changedAt[section] = at;
      }
    }
  }

  /** What changed since a version; a complete table for 0 or a version from another life. */
  public synchronized RouteDelta since(long since) {
    long from = since > version ? 0 : since;
    List<SectionRun> runs = new ArrayList<>();
    for (Sections sections : directory.byId.values()) {
      addRuns(sections, from, runs);
    }
    return new RouteDelta(from, version, List.copyOf(namespaces()), List.copyOf(owners()), runs);
  }

  @GuardedBy("this")
  private void addRuns(Sections sections, long since, List<SectionRun> runs) {
    int id = sections.namespace.id();
    long[] changes = sections.changedAt;
    int section = 0;
    while (section < changes.length) {
      long word = sections.words.get(section);
      if (changes[section] <= since || word == 0) {
        section++;
        continue;
      }
      int first = section;
      while (section < changes.length
          && changes[section] > since
          && sections.words.get(section) == word) {
        section++;
      }
      int owner = (int) (word & OWNER_MASK);
      runs.add(new SectionRun(id, first, section - first, owner, word >>> OWNER_BITS));
    }
  }
}
