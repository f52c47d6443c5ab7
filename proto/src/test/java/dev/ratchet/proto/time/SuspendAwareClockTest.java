package dev.ratchet.proto.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SuspendAwareClockTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Machine machine = new Machine();

  /** A machine whose time the test moves on. */
  private static final class Machine implements SuspendAwareClock.Sources {
    /** The monotonic clock wraps around within each test. */
    long monotonic = Long.MAX_VALUE - MS;

    long wall = 1_700_000_000_000L * MS;
    long uptime = 12_345 * MS;
    boolean hasUptime = true;
    int uptimeReads;

    /** This thread waits so long after each reading. */
    long pause;

    void run(long nanos) {
      monotonic += nanos;
      suspend(nanos);
    }

    void suspend(long nanos) {
      wall += nanos;
      uptime += nanos;
    }

    @Override
    public long monotonic() {
      long now = monotonic;
      run(pause);
      return now;
    }

    @Override
    public long wall() {
      long now = wall / MS * MS;
      run(pause);
      return now;
    }

    @Override
    public long uptime() throws IOException {
      uptimeReads++;
      if (!hasUptime) {
        throw new IOException("none");
      }
      long now = uptime / (10 * MS) * (10 * MS);
      run(pause);
      return now;
    }
  }

  private long elapsed(SuspendAwareClock clock, Runnable meanwhile) {
    long before = clock.nanos();
    meanwhile.run();
    return clock.nanos() - before;
  }

  @Test
  void goesLikeTheMonotonicClockWhileTheMachineIsAwake() {
    SuspendAwareClock clock = new SuspendAwareClock(machine);
    for (int i = 0; i < 10_000; i++) {
      assertEquals(7 * MS, elapsed(clock, () -> machine.run(7 * MS)));
    }
  }

  @Test
  void countsASuspendAtTheFirstReadingAfterIt() {
    SuspendAwareClock clock = new SuspendAwareClock(machine);
    for (int i = 0; i < 100; i++) {
      long suspended = (60 + 100L * i) * MS;
      long counted = elapsed(clock, () -> machine.suspend(suspended));
      assertTrue(counted >= suspended, counted + " of " + suspended);
      assertTrue(counted <= suspended + 3 * SuspendAwareClock.RESOLUTION_NANOS, "" + counted);
    }
  }

  @Test
  void shortSuspendsAddUp() {
    SuspendAwareClock clock = new SuspendAwareClock(machine);
    long counted =
        elapsed(
            clock,
            () -> {
              for (int i = 0; i < 1_000; i++) {
                machine.run(8 * MS);
                machine.suspend(2 * MS);
                clock.nanos();
              }
            });
    assertTrue(counted >= 10_000 * MS - 3 * SuspendAwareClock.RESOLUTION_NANOS, "" + counted);
  }

  @Test
  void aWallClockThatIsSetChangesNothing() {
    SuspendAwareClock clock = new SuspendAwareClock(machine);
    for (long jump : new long[] {3_600_000, -7_200_000, 86_400_000, -60}) {
      long counted =
          elapsed(
              clock,
              () -> {
                machine.wall += jump * MS;
                machine.run(MS);
              });
      assertEquals(MS, counted);
    }
  }

  @Test
  void aSuspendIsSeenThoughTheWallClockIsSetBackByAsMuch() {
    SuspendAwareClock clock = new SuspendAwareClock(machine);
    long counted =
        elapsed(
            clock,
            () -> {
              machine.suspend(5_000 * MS);
              machine.wall -= 5_000 * MS;
              machine.run(SuspendAwareClock.LONGEST_TRUST_NANOS);
            });
    assertTrue(counted >= 5_000 * MS, "" + counted);
  }

  @Test
  void withoutAnUptimeAJumpAheadOfTheWallClockCountsAndOneBackDoesNot() {
    machine.hasUptime = false;
    SuspendAwareClock clock = new SuspendAwareClock(machine);
    assertEquals(5_000 * MS, elapsed(clock, () -> machine.suspend(5_000 * MS)));
    assertEquals(0, elapsed(clock, () -> machine.wall -= 9_000 * MS));
    assertEquals(MS, elapsed(clock, () -> machine.run(MS)));
  }

  @Test
  void aThreadThatWaitsBetweenTwoReadingsWasNotSuspended() {
    for (boolean uptime : new boolean[] {true, false}) {
      machine.hasUptime = uptime;
      SuspendAwareClock clock = new SuspendAwareClock(machine);
      machine.pause = 3_000 * MS;
      long from = clock.nanos();
      long fromMachine = machine.monotonic;
      for (int i = 0; i < 10; i++) {
        clock.nanos();
      }
      machine.pause = 0;
      long counted = clock.nanos() - from;
      assertTrue(counted <= machine.monotonic - fromMachine + 9_000 * MS, "" + counted);
      machine.pause = 0;
    }
  }

  @Test
  void losingTheUptimeFallsBackToTheWallClock() {
    SuspendAwareClock clock = new SuspendAwareClock(machine);
    machine.hasUptime = false;
    elapsed(clock, () -> machine.run(200 * MS));
    assertEquals(5_000 * MS, elapsed(clock, () -> machine.suspend(5_000 * MS)));
  }

  @Test
  void readsTheUptimeSeldom() {
    SuspendAwareClock clock = new SuspendAwareClock(machine);
    machine.uptimeReads = 0;
    for (int i = 0; i < 1_000; i++) {
      machine.run(MS);
      clock.nanos();
    }
    assertTrue(machine.uptimeReads <= 10, "" + machine.uptimeReads);
  }

  @Test
  void refusesAnUptimeItDoesNotUnderstand() throws IOException {
    assertEquals(1_855_470 * MS, SuspendAwareClock.parseUptime("1855.47 2424.34\n"));
    for (String text : new String[] {"", "1855", "1855.4 2", ".47 1", "18x5.47 2", "1.4x 2"}) {
      assertThrows(IOException.class, () -> SuspendAwareClock.parseUptime(text), text);
    }
  }

  @Test
  void onThisMachineItKeepsWithTheMonotonicClock() {
    SuspendAwareClock clock = SuspendAwareClock.ofThisMachine();
    long from = System.nanoTime();
    long fromClock = clock.nanos();
    long last = fromClock;
    while (System.nanoTime() - from < 300 * MS) {
      long now = clock.nanos();
      assertTrue(now >= last, "it went back");
      last = now;
    }
    long passed = System.nanoTime() - from;
    assertTrue(last - fromClock <= passed, last - fromClock + " of " + passed);
  }
}
