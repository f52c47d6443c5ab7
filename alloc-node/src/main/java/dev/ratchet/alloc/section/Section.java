package dev.ratchet.alloc.section;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.key.NamespaceKind;
import dev.ratchet.proto.message.SectionEpoch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A section under one epoch: its window and its counters. A new grant makes a new object, so memory
 * of one epoch can't be used in another.
 *
 * <p>Invariants: every number issued is above the base, above the key's last number and at or below
 * the committed maxSeq of this epoch; the window's maxSeq never goes down; once stopped, nothing is
 * issued any more.
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

  /** One call of so many is counted, for all of them. */
  private static final int SAMPLE_BITS = 4;

  private static final long SAMPLE = 1 << SAMPLE_BITS;
  private static final VarHandle CALLS;

  static {
    try {
      CALLS = MethodHandles.lookup().findVarHandle(Section.class, "calls", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Namespace namespace;
  private final int index;
  private final Counters counters;
  private final AtomicBoolean raising = new AtomicBoolean();
  private final AtomicBoolean discarded = new AtomicBoolean();
  private final AtomicInteger unconfirmed = new AtomicInteger();
  private volatile Window window;

  /** Whether it came to its last number; confined to the control thread. */
  private boolean exhausted;

  @SuppressWarnings("UnusedVariable") // CALLS reads and writes it
  private volatile long calls;

  private Section(Namespace namespace, int index, Window window, Counters counters) {
    this.namespace = namespace;
    this.index = index;
    this.window = window;
    this.counters = counters;
  }

  /** The section as granted: numbers from {@code (base, maxSeq]} under this epoch. */
  public static Section granted(
      Namespace namespace, int index, long epoch, long base, long maxSeq, CounterMemory memory) {
    Counters counters = newCounters(namespace, index, base, memory);
    return new Section(namespace, index, Window.of(epoch, maxSeq, namespace.step()), counters);
  }

  private static Counters newCounters(
      Namespace namespace, int index, long base, CounterMemory memory) {
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
    return window.epoch();
  }

  /** The section under its epoch, as messages name it. */
  public SectionEpoch ref() {
    return new SectionEpoch(namespace.id(), index, epoch());
  }

  /** The committed ceiling. */
  public long maxSeq() {
    return window.maxSeq();
  }

  /** Every number at or below it may have been issued for keys without a counter. */
  public long base() {
    return counters.base();
  }

  /**
   * Takes numbers of a key of this section.
   *
   * @return the first of them, or {@link #ABOVE_CEILING}, {@link #NO_MEMORY}, {@link #STOPPED}
   */
  public long take(long key, int count) {
    Window now = window;
    if (!now.open()) {
      return STOPPED;
    }
    long first = counters.take(key, count, now.maxSeq());
    if (first > 0 && isSample(key, first)) {
      CALLS.getAndAdd(this, SAMPLE);
    }
    return first;
  }

  /** As good as random over keys and numbers; most calls write nothing that others write. */
  private static boolean isSample(long key, long number) {
    return ((key ^ number) * 0x9E3779B97F4A7C15L) >>> (Long.SIZE - SAMPLE_BITS) == 0;
  }

  /** About how many calls took numbers since this was asked last. */
  long takeCalls() {
    return (long) CALLS.getAndSet(this, 0L);
  }

  /** Whether a number this high asks for the next raise. */
  public boolean isLow(long number) {
    return number > window.lowWater();
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
    long last = counters.last(key);
    if (last != Counters.NONE) {
      return new Current(last, true);
    }
    long base = counters.base();
    return new Current(base, base == 0);
  }

  /** Claims the section's one raise; false when one is in flight. */
  public boolean beginRaise() {
    return raising.compareAndSet(false, true);
  }

  /** Ends the raise in flight. */
  public void endRaise() {
    raising.set(false);
  }

  /** Whether a raise is in flight or waits to be sent. */
  public boolean isRaising() {
    return raising.get();
  }

  /** A strict answer is made that must be confirmed before it goes out. */
  public void beginConfirm() {
    unconfirmed.incrementAndGet();
  }

  /** A strict answer went out, or was refused. */
  public void endConfirm() {
    unconfirmed.decrementAndGet();
  }

  /**
   * Whether strict answers wait to be confirmed: given back now, their numbers would be skipped.
   */
  public boolean isConfirming() {
    return unconfirmed.get() > 0;
  }

  /** Notes that it came to its last number; true the first time. Control thread only. */
  public boolean beginExhausted() {
    boolean first = !exhausted;
    exhausted = true;
    return first;
  }

  /** Takes in a committed ceiling of this section's epoch. */
  public void raised(long maxSeq) {
    window = window.raisedTo(maxSeq, namespace.step());
  }

  /** Whether numbers of any key may have been taken, or handed over: somebody may miss it. */
  public boolean isUsed() {
    return counters.isUsed();
  }

  /** Whether the section is served: not being given back. */
  public boolean isOpen() {
    return window.open();
  }

  /** Stops issuing; calls that are inside {@link #take} may still finish. */
  public void stop() {
    window = window.closed();
  }

  /** Sets a handed-over last number before the section is served; false when memory is out. */
  public boolean load(long key, long last) {
    return counters.load(key, last);
  }

  /**
   * Visits handed-over positions in ascending order of keys, once it is stopped and no call is
   * inside.
   */
  public void positions(PositionVisitor visitor) {
    counters.forEach(visitor::visit);
  }

  /** Gives the counters' memory back, once it is stopped and no call is inside. */
  public void discard() {
    if (discarded.compareAndSet(false, true)) {
      counters.discard();
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
    return namespace.name() + "/" + index + " epoch " + epoch();
  }
}
