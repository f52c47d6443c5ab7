package dev.ratchet.proto.time;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A monotonic clock that goes on while the machine is suspended. The system's monotonic clock
 * stands still then ({@code CLOCK_MONOTONIC}), so a lease measured by it alone would outlive its
 * time. Thread-safe; a call costs two readings of clocks that need no system call.
 *
 * <p>How: a suspend moves the wall clock on and the monotonic clock not. When the two have come
 * apart, and at least every {@link #LONGEST_TRUST_NANOS}, the kernel's uptime is read, which counts
 * suspends ({@code CLOCK_BOOTTIME}, as {@code /proc/uptime} gives it), and what the monotonic clock
 * missed is added for good. So a wall clock that somebody sets changes nothing. On systems without
 * an uptime to read, a wall clock that jumps ahead counts as a suspend.
 *
 * <p>Not seen: a virtual machine frozen by its host, all of whose clocks stand still.
 */
public final class SuspendAwareClock implements MonotonicClock {
  /** The two clocks may come apart by this much before the uptime is asked. */
  static final long TOLERANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Longest time without asking the uptime. */
  static final long LONGEST_TRUST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** The uptime is given in hundredths of a second. */
  static final long RESOLUTION_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final Logger LOG = LoggerFactory.getLogger(SuspendAwareClock.class);
  private static final Path UPTIME = Path.of("/proc/uptime");

  /** The clocks of a machine, all in nanoseconds. */
  interface Sources {
    long monotonic();

    long wall();

    /** Time since the machine started, suspends included; throws when there is none to read. */
    long uptime() throws IOException;
  }

  /**
   * What was read last.
   *
   * @param monotonic the clocks when last compared
   * @param wall the clocks when last compared
   * @param skipped time missed by the monotonic clock up to then
   */
  private record Mark(long monotonic, long wall, long skipped) {}

  private final Sources sources;
  private volatile Mark mark;

  /** The clocks when a suspend was last counted; used under the lock. */
  private long baseMonotonic;

  private long baseUptime;
  private boolean hasUptime;

  SuspendAwareClock(Sources sources) {
    this.sources = sources;
    this.baseMonotonic = sources.monotonic();
    try {
      baseUptime = sources.uptime();
      hasUptime = true;
    } catch (IOException e) {
      LOG.info("no uptime to read; a wall clock that jumps ahead counts as a suspend");
    }
    this.mark = new Mark(baseMonotonic, sources.wall(), 0);
  }

  /** The clock of this machine. */
  public static SuspendAwareClock ofThisMachine() {
    return new SuspendAwareClock(
        new Sources() {
          @Override
          public long monotonic() {
            return System.nanoTime();
          }

          @Override
          public long wall() {
            return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
          }

          @Override
          public long uptime() throws IOException {
            return parseUptime(Files.readString(UPTIME, StandardCharsets.US_ASCII));
          }
        });
  }

  /** The first of the numbers: seconds, with two decimals. */
  static long parseUptime(String text) throws IOException {
    int end = text.indexOf(' ');
    int point = text.indexOf('.');
    if (point < 1 || end != point + 3) {
      throw new IOException(UPTIME + " can't be read: '" + text.strip() + "'");
    }
    try {
      long seconds = Long.parseLong(text.substring(0, point));
      long hundredths = Long.parseLong(text.substring(point + 1, end));
      return TimeUnit.SECONDS.toNanos(seconds) + TimeUnit.MILLISECONDS.toNanos(10 * hundredths);
    } catch (NumberFormatException e) {
      throw new IOException(UPTIME + " can't be read: '" + text.strip() + "'", e);
    }
  }

  @Override
  public long nanos() {
    // This one first: a suspend between the two is seen as the wall clock's jump.
    long monotonic = sources.monotonic();
    long wall = sources.wall();
    Mark last = mark;
    long passed = monotonic - last.monotonic;
    long apart = wall - last.wall - passed;
    boolean isTrusted = passed < LONGEST_TRUST_NANOS && Math.abs(apart) <= TOLERANCE_NANOS;
    return isTrusted ? monotonic + last.skipped : compare();
  }

  private synchronized long compare() {
    // The monotonic clock last: that this thread had to wait between two readings must not look
    // like a suspend; a suspend between them is seen the next time.
    long wall = sources.wall();
    long uptime = readUptime();
    long monotonic = sources.monotonic();
    Mark last = mark;
    long missed =
        hasUptime ? missedByUptime(monotonic, uptime) : missedByWall(monotonic, wall, last);
    if (missed > 0) {
      LOG.warn(
          "this machine was suspended for about {} ms; leases that ran out meanwhile are over",
          TimeUnit.NANOSECONDS.toMillis(missed));
    }
    Mark next = new Mark(monotonic, wall, last.skipped + missed);
    mark = next;
    return monotonic + next.skipped;
  }

  private long readUptime() {
    if (!hasUptime) {
      return 0;
    }
    try {
      return sources.uptime();
    } catch (IOException e) {
      LOG.error(
          "the uptime can't be read any more ({}); the wall clock is believed from now on",
          e.getMessage());
      hasUptime = false;
      return 0;
    }
  }

  /** Counted from when a suspend was last found, so that many short ones add up. */
  private long missedByUptime(long monotonic, long uptime) {
    long missed = uptime - baseUptime - (monotonic - baseMonotonic);
    if (missed <= 2 * RESOLUTION_NANOS) {
      return 0;
    }
    baseMonotonic = monotonic;
    baseUptime = uptime;
    return missed + RESOLUTION_NANOS; // rather too much: a lease may end early, never late
  }

  private static long missedByWall(long monotonic, long wall, Mark last) {
    long missed = wall - last.wall - (monotonic - last.monotonic);
    return missed > TOLERANCE_NANOS ? missed : 0;
  }
}
