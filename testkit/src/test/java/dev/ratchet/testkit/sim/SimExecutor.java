package dev.ratchet.testkit.sim;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One thread of one life of a process, in virtual time: delays pass by the process's own clock, a
 * pause holds tasks up, a crash drops them. A task that throws fails the run: it is a bug.
 */
final class SimExecutor extends AbstractExecutorService implements ScheduledExecutorService {
  /** From handing a task to a thread until it runs. */
  private static final long HAND_OVER_NANOS = 2_000;

  private final SimScheduler scheduler;
  private final SimProcess process;
  private final String what;
  private boolean shutdown;

  SimExecutor(SimScheduler scheduler, SimProcess process, String what) {
    this.scheduler = scheduler;
    this.process = process;
    this.what = what;
  }

  @Override
  public void execute(Runnable command) {
    scheduler.after(HAND_OVER_NANOS, what, process, () -> run(command));
  }

  private void run(Runnable command) {
    if (!shutdown) {
      command.run();
    }
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return new Timer(command, unit.toNanos(delay), 0);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    throw new IllegalStateException("no code under test schedules a callable");
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    return new Timer(command, unit.toNanos(initialDelay), unit.toNanos(period));
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    return new Timer(command, unit.toNanos(initialDelay), unit.toNanos(delay));
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

  /** A task for later, once or again and again. */
  private final class Timer implements ScheduledFuture<Object> {
    private final Runnable command;
    private final long period;
    private SimScheduler.Event event;
    private long at;
    private boolean done;

    Timer(Runnable command, long delay, long period) {
      this.command = command;
      this.period = period;
      this.at = process.nanos() + delay;
      this.event = scheduler.after(process.trueNanos(delay), what, process, this::fire);
    }

    private void fire() {
      if (shutdown) {
        return;
      }
      done = period == 0;
      if (!done) {
        at = Math.max(at + period - process.nanos(), 0) + process.nanos();
        event = scheduler.after(process.trueNanos(at - process.nanos()), what, process, this::fire);
      }
      command.run();
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(at - process.nanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      boolean cancelled = !isDone();
      event.cancel();
      return cancelled;
    }

    @Override
    public boolean isCancelled() {
      return !done && event.isCancelled();
    }

    @Override
    public boolean isDone() {
      return done || event.isCancelled();
    }

    @Override
    public @Nullable Object get() {
      return null;
    }

    @Override
    public @Nullable Object get(long timeout, TimeUnit unit) {
      return null;
    }
  }
}
