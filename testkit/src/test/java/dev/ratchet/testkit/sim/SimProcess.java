package dev.ratchet.testkit.sim;

import dev.ratchet.proto.time.MonotonicClock;

/**
 * A place where a process runs, life after life, with the clock of its machine: its rate, what it
 * shows at the start, and whether it goes on while the machine sleeps.
 */
final class SimProcess implements MonotonicClock {
  private final SimScheduler scheduler;
  private final int index;
  private final String name;
  private final String zone;
  private final double rate;
  private final long clockStart;
  private long life = 1;
  private boolean alive;
  private long pausedFrom;
  private long resumesAt;
  private boolean asleep;

  /** Time that the clock did not count, since the machine slept. */
  private long uncounted;

  /** Whether the clock stands still while the machine sleeps. */
  private boolean blindToSleep;

  /**
   * @param index unique number, from 0
   * @param rate nanoseconds that the clock counts in a true nanosecond
   * @param clockStart what the clock shows at the start
   */
  SimProcess(
      SimScheduler scheduler, int index, String name, String zone, double rate, long clockStart) {
    this.scheduler = scheduler;
    this.index = index;
    this.name = name;
    this.zone = zone;
    this.rate = rate;
    this.clockStart = clockStart;
  }

  int index() {
    return index;
  }

  String name() {
    return name;
  }

  String zone() {
    return zone;
  }

  void beBlindToSleep() {
    blindToSleep = true;
  }

  @Override
  public long nanos() {
    settle();
    long counted = asleep && blindToSleep ? pausedFrom : scheduler.now();
    return clockStart + (long) ((counted - uncounted) * rate);
  }

  /** Takes note of a sleep that is over. */
  private void settle() {
    if (asleep && !isPaused()) {
      uncounted += blindToSleep ? resumesAt - pausedFrom : 0;
      asleep = false;
    }
  }

  /** The true time in which this clock counts so much. */
  long trueNanos(long clockNanos) {
    return (long) (clockNanos / rate);
  }

  long life() {
    return life;
  }

  /** Whether a life is the present one, and under way. */
  boolean isLife(long asked) {
    return alive && life == asked;
  }

  boolean isAlive() {
    return alive;
  }

  /** Whether it runs now: neither dead nor held up. */
  boolean isRunning() {
    return alive && !isPaused();
  }

  /** Begins the next life. */
  void start() {
    life++;
    alive = true;
  }

  /** Ends this life: all that it would still have done is dropped. */
  void crash() {
    alive = false;
    resume();
  }

  boolean isPaused() {
    return scheduler.now() < resumesAt;
  }

  long resumesAt() {
    return resumesAt;
  }

  /** Holds all its threads up; {@code sleep}: the whole machine sleeps. */
  void pause(long nanos, boolean sleep) {
    settle();
    if (alive && !isPaused()) {
      pausedFrom = scheduler.now();
      resumesAt = pausedFrom + nanos;
      asleep = sleep;
    }
  }

  /** Lets it go on now. */
  void resume() {
    resumesAt = Math.min(resumesAt, scheduler.now());
    settle();
  }

  @Override
  public String toString() {
    return name;
  }
}
