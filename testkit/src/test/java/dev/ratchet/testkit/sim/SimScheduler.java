package dev.ratchet.testkit.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time and the one queue of all that will happen in it, in nanoseconds. Events of one
 * instant run in the order in which they were scheduled, so a seed gives one run. Random numbers
 * are drawn by purpose: a new purpose does not change what others draw. Used by one thread.
 */
final class SimScheduler {
  /** What is kept of the past for the report of a failure. */
  private static final int MOST_NOTES = 400;

  private final PriorityQueue<Event> queue = new PriorityQueue<>();
  private final Deque<String> notes = new ArrayDeque<>();
  private final long seed;
  private final boolean tracing;
  private long now;
  private long order;
  private long executed;
  private long hash;
  private @Nullable Throwable failure;

  /** {@code tracing}: whether notes are kept. */
  SimScheduler(long seed, boolean tracing) {
    this.seed = seed;
    this.tracing = tracing;
  }

  /** Something that will happen, unless it is cancelled or its process dies before. */
  static final class Event implements Comparable<Event> {
    private final long order;
    private final String what;
    private final @Nullable SimProcess process;
    private final long life;
    private @Nullable Runnable action;
    private long at;

    Event(long at, long order, String what, @Nullable SimProcess process, Runnable action) {
      this.at = at;
      this.order = order;
      this.what = what;
      this.process = process;
      this.life = process == null ? 0 : process.life();
      this.action = action;
    }

    void cancel() {
      action = null;
    }

    boolean isCancelled() {
      return action == null;
    }

    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  /** Nanoseconds of virtual time since the start. */
  long now() {
    return now;
  }

  /** Events run so far. */
  long executed() {
    return executed;
  }

  /** What happened so far in one number: the same for two runs exactly if they were the same. */
  long hash() {
    return hash;
  }

  /** Mixes something observed into {@link #hash}. */
  void observe(long value) {
    hash = (hash ^ value) * 0x9E3779B97F4A7C15L;
    hash ^= hash >>> 29;
  }

  /** Random numbers for one purpose. */
  SplittableRandom random(String purpose) {
    return new SplittableRandom(
            seed * 0x9E3779B97F4A7C15L ^ purpose.hashCode() * 0xD6E8FEB86659FD93L)
        .split();
  }

  /** Runs an action of nobody's process after a delay. */
  Event after(long nanos, String what, Runnable action) {
    return add(nanos, what, null, action);
  }

  /** Runs an action in the present life of a process after a delay of true time. */
  Event after(long nanos, String what, SimProcess process, Runnable action) {
    return add(nanos, what, process, action);
  }

  private Event add(long nanos, String what, @Nullable SimProcess process, Runnable action) {
    Event event = new Event(now + Math.max(nanos, 0), order++, what, process, action);
    queue.add(event);
    return event;
  }

  /** Runs all events up to a time. */
  void runUntil(long time) {
    Event next = queue.peek();
    while (next != null && next.at <= time) {
      queue.remove();
      run(next);
      next = queue.peek();
    }
    now = Math.max(now, time);
  }

  private void run(Event event) {
    Runnable action = event.action;
    SimProcess process = event.process;
    if (action == null || (process != null && !process.isLife(event.life))) {
      return;
    }
    now = Math.max(now, event.at);
    if (process != null && process.isPaused()) {
      event.at = process.resumesAt(); // with its old order, so that what waits stays in order
      queue.add(event);
      return;
    }
    event.action = null;
    executed++;
    observe(now);
    observe(event.what.hashCode());
    action.run();
    rethrow();
  }

  /**
   * Runs what futures call back, which would keep what it throws to themselves: the run ends with
   * it.
   */
  void guard(Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException | AssertionError e) {
      failure = failure == null ? e : failure;
      throw e;
    }
  }

  private void rethrow() {
    if (failure instanceof AssertionError broken) {
      throw broken;
    } else if (failure instanceof RuntimeException bug) {
      throw bug;
    }
  }

  /** Keeps a line of what happens, if anybody wants it. */
  void note(Supplier<String> line) {
    if (tracing) {
      if (notes.size() == MOST_NOTES) {
        notes.removeFirst();
      }
      notes.add(String.format("%12.6f  %s", now / 1e9, line.get()));
    }
  }

  /** The last lines noted. */
  List<String> notes() {
    return new ArrayList<>(notes);
  }
}
