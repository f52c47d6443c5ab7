package dev.ratchet.store;

import dev.ratchet.store.raft.RaftGroup;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Asks the leader after a start how far the log is, until this node has once applied as much.
 * Thread-safe.
 */
final class CatchUp implements AutoCloseable {
  private static final long TICK_MILLIS = 100;

  private final RaftGroup raft;
  private final AtomicBoolean asking = new AtomicBoolean();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "store-catch-up");
            thread.setDaemon(true);
            return thread;
          });
  private volatile boolean done;

  CatchUp(RaftGroup raft) {
    this.raft = raft;
  }

  void start() {
    timer.scheduleWithFixedDelay(this::ask, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Whether the node has once caught up. */
  boolean isDone() {
    return done;
  }

  private void ask() {
    if (raft.leader() != null && asking.compareAndSet(false, true)) {
      raft.catchUp().whenComplete((caughtUp, failure) -> answered(failure == null));
    }
  }

  private void answered(boolean caughtUp) {
    if (caughtUp) {
      done = true;
      timer.shutdown();
    }
    asking.set(false);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
