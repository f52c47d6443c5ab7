package dev.ratchet.alloc.section;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.key.NamespaceKind;
import dev.ratchet.proto.message.SectionEpoch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A section under one epoch: what its owner may issue, and its counters. A new grant makes a new
 * object, so memory of one epoch can't be used in another.
 *
 * <p>Invariants: every number issued is above the base, above the key's last number and at or below
 * the committed maxSeq of this epoch; maxSeq never goes down; once stopped, nothing is issued any
 * more.
 *
 * <p>The epoch never changes, and one word says the ceiling and whether the section is open: so no
 * call can see the ceiling of one epoch with another, or a late raise open it again.
 *
 * <p>A node holds tens of thousands of sections, most of them idle: all that only a used section
 * needs is in its {@link Counters}, which the first call makes.
 *
 * <p>Concurrency: {@link #take}, {@link #last} and what counts raises and confirmations from any
 * thread; {@link #raised}, {@link #stop}, {@link #load} and {@link #discard} from the control
 * thread alone.
 */
public final class Section {
  /** {@link #take}: the ceiling is too low; a raise is needed. */
  public static final long ABOVE_CEILING = Counters.ABOVE_CEILING;

  /** {@link #take}: no memory is left for another key. */
  public static final long NO_MEMORY = Counters.NO_MEMORY;

  /** {@link #take}: the section is being given back. */
  public static final long STOPPED = -2;

  /** Bits of {@code state}; what is above them counts strict answers under way. */
  private static final int RAISING = 1;

  private static final int EXHAUSTED = 1 << 1;
  private static final int DISCARDED = 1 << 2;
  private static final int ONE_UNCONFIRMED = 1 << 3;

  private static final VarHandle STATE;
  private static final VarHandle COUNTERS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(Section.class, "state", int.class);
      COUNTERS = lookup.findVarHandle(Section.class, "counters", Counters.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Namespace namespace;
  private final CounterMemory memory;
  private final int index;
  private final long epoch;

  /** As granted; that of the counters may be higher. */
  private final long base;

  /** maxSeq while the section is open, its complement once it is not. */
  private volatile long ceiling;

  /** Null until the section is used. */
  private volatile @Nullable Counters counters;

  private volatile int state;

  private Section(
      Namespace namespace, int index, long epoch, long base, long maxSeq, CounterMemory memory) {
    this.namespace = namespace;
    this.memory = memory;
    this.index = index;
    this.epoch = epoch;
    this.base = base;
    this.ceiling = maxSeq;
  }

  /** The section as granted: numbers from {@code (base, maxSeq]} under this epoch. */
  public static Section granted(
      Namespace namespace, int index, long epoch, long base, long maxSeq, CounterMemory memory) {
    return new Section(namespace, index, epoch, base, maxSeq, memory);
  }

  /** The counters, made now if they are not there. */
  private Counters used() {
    Counters known = counters;
    if (known == null) {
      Counters made = newCounters();
      if (COUNTERS.compareAndSet(this, null, made)) {
        return made;
      }
      made.discard();
      known = Objects.requireNonNull(counters);
    }
    return known;
  }

  private Counters newCounters() {
    // A table of pages would be too large for a huge section, few of whose users are ever seen.
    if (namespace.kind() == NamespaceKind.STRING
        || namespace.sectionSize() > UidCounters.MAX_SIZE) {
      return new HashCounters(memory, base);
    }
    long first = index * namespace.sectionSize();
    long size = Math.min(namespace.sectionSize() - 1, namespace.maxUid() - first) + 1;
    return new UidCounters(memory, first, size, base);
  }

  public Namespace namespace() {
    return namespace;
  }

  public int index() {
    return index;
  }

  public long epoch() {
    return epoch;
  }

  /** The section under its epoch, as messages name it. */
  public SectionEpoch ref() {
    return new SectionEpoch(namespace.id(), index, epoch);
  }

  /** The committed ceiling. */
  public long maxSeq() {
    long now = ceiling;
    return now < 0 ? ~now : now;
  }

  /** Every number at or below it may have been issued for keys without a counter. */
  public long base() {
    Counters now = counters;
    return now == null ? base : now.base();
  }

  /**
   * Takes numbers of a key of this section.
   *
   * @return the first of them, or {@link #ABOVE_CEILING}, {@link #NO_MEMORY}, {@link #STOPPED}
   */
  public long take(long key, int count) {
    long now = ceiling;
    if (now < 0) {
      return STOPPED;
    }
    Counters known = used();
    long first = known.take(key, count, now);
    if (first > 0) {
      known.sample(key, first);
    }
    return first;
  }

  /** About how many calls took numbers since this was asked last. */
  long takeCalls() {
    Counters now = counters;
    return now == null ? 0 : now.takeCalls();
  }

  /** Whether a number this high asks for the next raise: it is in the upper half of a step. */
  public boolean isLow(long number) {
    return number > maxSeq() - namespace.step() / 2;
  }

  /** The key's last number, or the base when it has no counter. */
  public long last(long key) {
    return current(key).last();
  }

  /**
   * The last number issued for a key.
   *
   * @param last the number, or a bound at or above it
   * @param isExact whether it is the number itself: the key has a counter, or none was ever issued
   */
  public record Current(long last, boolean isExact) {}

  /** The key's last number as far as this section knows it, looked up once. */
  public Current current(long key) {
    Counters now = counters;
    long last = now == null ? Counters.NONE : now.last(key);
    if (last != Counters.NONE) {
      return new Current(last, true);
    }
    long floor = base();
    return new Current(floor, floor == 0);
  }

  /** Claims the section's one raise; false when one is in flight. */
  public boolean beginRaise() {
    return set(RAISING);
  }

  /** Ends the raise in flight. */
  public void endRaise() {
    int unused = (int) STATE.getAndBitwiseAnd(this, ~RAISING);
  }

  /** Whether a raise is in flight or waits to be sent. */
  public boolean isRaising() {
    return (state & RAISING) != 0;
  }

  /** A strict answer is made that must be confirmed before it goes out. */
  public void beginConfirm() {
    int unused = (int) STATE.getAndAdd(this, ONE_UNCONFIRMED);
  }

  /** A strict answer went out, or was refused. */
  public void endConfirm() {
    int unused = (int) STATE.getAndAdd(this, -ONE_UNCONFIRMED);
  }

  /**
   * Whether strict answers wait to be confirmed: given back now, their numbers would be skipped.
   */
  public boolean isConfirming() {
    return state >= ONE_UNCONFIRMED;
  }

  /** Notes that it came to its last number; true the first time. */
  public boolean beginExhausted() {
    return set(EXHAUSTED);
  }

  /** Sets a bit of the state; true if it was not. */
  private boolean set(int bit) {
    return ((int) STATE.getAndBitwiseOr(this, bit) & bit) == 0;
  }

  /** Takes in a committed ceiling of this section's epoch. */
  public void raised(long maxSeq) {
    if (maxSeq < maxSeq()) {
      throw new IllegalStateException("a ceiling never goes down: " + maxSeq() + " to " + maxSeq);
    }
    ceiling = isOpen() ? maxSeq : ~maxSeq;
  }

  /** Whether numbers of any key may have been taken, or handed over: somebody may miss it. */
  public boolean isUsed() {
    Counters now = counters;
    return now != null && now.isUsed();
  }

  /** Whether the section is served: not being given back. */
  public boolean isOpen() {
    return ceiling >= 0;
  }

  /** Stops issuing; calls that are inside {@link #take} may still finish. */
  public void stop() {
    ceiling = ~maxSeq();
  }

  /** Sets a handed-over last number before the section is served; false when memory is out. */
  public boolean load(long key, long last) {
    return used().load(key, last);
  }

  /**
   * Visits handed-over positions in ascending order of keys, once it is stopped and no call is
   * inside.
   */
  public void positions(PositionVisitor visitor) {
    Counters now = counters;
    if (now != null) {
      now.forEach(visitor::visit);
    }
  }

  /** Gives the counters' memory back, once it is stopped and no call is inside. */
  public void discard() {
    Counters now = counters;
    if (set(DISCARDED) && now != null) {
      now.discard();
    }
  }

  /** Sees the last number of each key that has a counter. */
  public interface PositionVisitor {
    void visit(long key, long last);
  }

  /** From what it is, not where it lies in memory: so a map of sections always has one order. */
  @Override
  public int hashCode() {
    return 31 * namespace.id() + index;
  }

  /** By identity: two grants of one section are two. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public String toString() {
    return namespace.name() + "/" + index + " epoch " + epoch;
  }
}
