package dev.ratchet.store;

import dev.ratchet.proto.time.MonotonicClock;
import dev.ratchet.store.raft.RaftGroup;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Asks the leader after a start how far the log is, until this node has applied as much; and gives
 * up on proposals that wait too long, for as long as the node lives. Thread-safe.
 */
final class CatchUp implements AutoCloseable {
  private static final long TICK_MILLIS = 100;

  private final RaftGroup raft;
  private final MonotonicClock clock;
  private final AtomicBoolean asking = new AtomicBoolean();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "store-timer");
            thread.setDaemon(true);
            return thread;
          });
  private volatile boolean done;

  CatchUp(RaftGroup raft, MonotonicClock clock) {
    this.raft = raft;
    this.clock = clock;
  }

  void start() {
    timer.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Whether the node has once caught up. */
  boolean isDone() {
    return done;
  }

  private void tick() {
    raft.giveUpOnLate(clock.nanos());
    if (!done && raft.leader() != null && asking.compareAndSet(false, true)) {
      raft.catchUp()
          .whenComplete(
              (caughtUp, failure) -> {
                done = done || failure == null;
                asking.set(false);
              });
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
