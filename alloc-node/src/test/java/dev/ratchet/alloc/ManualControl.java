package dev.ratchet.alloc;

import dev.ratchet.proto.time.MonotonicClock;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A control thread whose time stands still until it is advanced. Tasks run on the thread that
 * advances, in order of their time; a task that fails fails the test.
 */
public final class ManualControl extends AbstractExecutorService
    implements ScheduledExecutorService {
  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong((Task t) -> t.at).thenComparing(t -> t.order));
  private long now;
  private long order;
  private boolean shutdown;

  /** Time starts at {@code nanos}; near {@link Long#MAX_VALUE} it wraps around. */
  public ManualControl(long nanos) {
    this.start = nanos;
  }

  public ManualControl() {
    this(0);
  }

  private final long start;

  public MonotonicClock clock() {
    return this::nanos;
  }

  public long nanos() {
    return start + now;
  }

  /** Runs all that is due now, also what that makes due. */
  public void run() {
    advance(0);
  }

  /** Lets time pass, and runs what comes due in it. */
  public void advance(long millis) {
    long end = now + TimeUnit.MILLISECONDS.toNanos(millis);
    Task next = tasks.peek();
    while (next != null && next.at <= end) {
      tasks.remove();
      now = Math.max(now, next.at);
      next.run();
      next = tasks.peek();
    }
    now = end;
  }

  /** Tasks that wait, for now or later. */
  public int waiting() {
    return (int) tasks.stream().filter(task -> !task.isCancelled()).count();
  }

  @Override
  public void execute(Runnable command) {
    schedule(command, 0, TimeUnit.NANOSECONDS);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    Task task = new Task(command, now + unit.toNanos(delay), order++);
    tasks.add(task);
    return task;
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    return schedule(
        () -> {
          command.run();
          scheduleAtFixedRate(command, period, period, unit);
        },
        initialDelay,
        unit);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void shutdown() {
    shutdown = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown = true;
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return shutdown;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return shutdown;
  }

  private final class Task extends FutureTask<Void> implements ScheduledFuture<Void> {
    final long at;
    final Long order;

    Task(Runnable command, long at, long order) {
      super(command, null);
      this.at = at;
      this.order = order;
    }

    @Override
    protected void setException(Throwable failure) {
      super.setException(failure);
      throw new AssertionError("a task of the control thread failed", failure);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(at - now, TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }
}
