package dev.ratchet.client;

import dev.ratchet.proto.time.MonotonicClock;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Calls between two attempts. Each leaves when its time comes, or earlier when the route it waits
 * for is there. One timer for all. Any thread may add; the rest is confined to the room's event
 * loop. Bounded by the client's bound on outstanding calls.
 */
final class WaitingRoom {
  /** How finely waiting is timed. */
  static final long TICK_MILLIS = 2;

  private final ScheduledExecutorService loop;
  private final MonotonicClock clock;
  private final Predicate<SequenceCall> ready;
  private final Consumer<SequenceCall> leave;
  private final CallInbox inbox = new CallInbox();
  private final PriorityQueue<SequenceCall> waiting =
      new PriorityQueue<>(SequenceCall.BY_WAKE_TIME);
  private boolean ticking;
  private boolean closed;

  /**
   * A room that is empty.
   *
   * @param ready whether a call need not wait for its time
   * @param leave told of each call that leaves, on the loop
   */
  WaitingRoom(
      ScheduledExecutorService loop,
      MonotonicClock clock,
      Predicate<SequenceCall> ready,
      Consumer<SequenceCall> leave) {
    this.loop = loop;
    this.clock = clock;
    this.ready = ready;
    this.leave = leave;
  }

  /** Lets a call wait until its wake time. */
  void add(SequenceCall call) {
    if (inbox.offer(call)) {
      run(this::enter);
    }
  }

  /** Lets the calls go that have become ready. */
  void recheck() {
    run(this::release);
  }

  /** Lets all go, and from now on everyone at once. */
  void close() {
    run(
        () -> {
          closed = true;
          enter();
        });
  }

  private void run(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // The client is closed: let go what nobody else will ever take.
      for (SequenceCall call : entering()) {
        leave.accept(call);
      }
    }
  }

  private List<SequenceCall> entering() {
    List<SequenceCall> calls = new ArrayList<>();
    SequenceCall call = inbox.takeAll();
    while (call != null) {
      SequenceCall after = CallInbox.detach(call);
      calls.add(call);
      call = after;
    }
    return calls;
  }

  private void enter() {
    waiting.addAll(entering());
    release();
  }

  private void release() {
    List<SequenceCall> leaving = new ArrayList<>();
    waiting.removeIf(call -> isReady(call) && leaving.add(call));
    leaving.forEach(leave);
    startTicking();
  }

  private boolean isReady(SequenceCall call) {
    return closed || ready.test(call);
  }

  private void startTicking() {
    if (!ticking && !waiting.isEmpty()) {
      ticking = true;
      loop.schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void tick() {
    ticking = false;
    long now = clock.nanos();
    List<SequenceCall> leaving = new ArrayList<>();
    @Nullable SequenceCall first = waiting.peek();
    while (first != null && now - first.wakeAtNanos >= 0) {
      leaving.add(waiting.remove());
      first = waiting.peek();
    }
    leaving.forEach(leave);
    startTicking();
  }
}
