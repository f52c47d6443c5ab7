package dev.ratchet.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs simulated clusters, and holds each to the contract. {@code -Dsim.seed=N} runs one seed of
 * each kind, {@code -Dsim.minutes=N} hunts for that long instead of a fixed number of seeds.
 */
class SimulatorTest {
  /** Seeds below this are the same in every run of the tests. */
  private static final long FIRST_SEED = 1_000;

  private static final long HOUR = 3_600_000_000_000L;

  private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
  private long nanos;
  private long events;
  private long numbers;
  private long calls;
  private long takeovers;
  private long handovers;
  private int seeds;

  private void run(String kind, long seed) {
    Simulation.Outcome outcome = Simulate.run(kind, seed, Mutation.NONE, false);
    if (outcome.violation() != null) {
      fail(report(kind, seed, outcome), outcome.violation());
    }
    seeds++;
    nanos += outcome.nanos();
    events += outcome.events();
    numbers += outcome.numbers();
    calls += outcome.calls();
    takeovers += outcome.takeovers();
    handovers += outcome.handovers();
    outcome.faults().forEach((fault, count) -> faults.merge(fault, count, Integer::sum));
  }

  private static String report(String kind, long seed, Simulation.Outcome outcome) {
    // The same again, now with a trace: a seed gives one run.
    Simulation.Outcome traced = Simulate.run(kind, seed, Mutation.NONE, true);
    return String.join("\n", traced.trace())
        + "\n"
        + outcome
        + "\n"
        + outcome.violation()
        + "\nreplay it: ./mvnw -pl testkit -am test -Dtest=SimulatorTest"
        + " -Dsurefire.failIfNoSpecifiedTests=false -Dsim.seed="
        + seed;
  }

  private void print(String kind) {
    System.out.printf(
        "simulated %s clusters: %d seeds, %.2f h, %d events, %d calls, %d numbers, %d takeovers,"
            + " %d handovers, faults %s%n",
        kind, seeds, nanos / (double) HOUR, events, calls, numbers, takeovers, handovers, faults);
  }

  /**
   * Fixed seeds, and one that is different each time.
   *
   * @param least seeds of a usual run
   */
  @ParameterizedTest
  @CsvSource({"small, 150", "graceful, 40", "wild, 30"})
  void theContractHolds(String kind, int least) {
    Long only = Long.getLong("sim.seed");
    if (only != null) {
      run(kind, only);
    } else if (Integer.getInteger("sim.minutes") != null) {
      hunt(kind, Integer.getInteger("sim.minutes"));
    } else {
      long random = ThreadLocalRandom.current().nextLong(1L << 40);
      System.out.println("simulated " + kind + " clusters: the random seed is " + random);
      run(kind, random);
      for (long seed = FIRST_SEED; seed < FIRST_SEED + least; seed++) {
        run(kind, seed);
      }
      if (kind.equals("small")) {
        assertTrue(nanos >= HOUR, () -> "only " + nanos / 1e9 + " s of cluster time");
        assertEquals(
            Fault.values().length, faults.size(), () -> "some fault never came: " + faults);
      }
    }
    print(kind);
  }

  private void hunt(String kind, int minutes) {
    long end = System.nanoTime() + minutes * 60_000_000_000L;
    long seed = ThreadLocalRandom.current().nextLong(1L << 40);
    while (System.nanoTime() < end) {
      run(kind, seed++);
    }
  }

  @Test
  void aBigClusterOutlivesTheLossOfAZone() {
    run("big", 1);
    assertTrue(takeovers > 10_000, () -> takeovers + " takeovers");
    print("big");
  }

  @Test
  void oneSeedGivesOneRun() {
    for (long seed = 1; seed <= 3; seed++) {
      Simulation.Outcome first = Simulate.run("small", seed, Mutation.NONE, false);
      Simulation.Outcome again = Simulate.run("small", seed, Mutation.NONE, true);
      Simulation.Outcome other = Simulate.run("small", seed + 1, Mutation.NONE, false);
      assertEquals(first.hash(), again.hash());
      assertEquals(first.events(), again.events());
      assertNotEquals(first.hash(), other.hash());
    }
  }

  /** Also in another process: nothing may depend on where objects lie, or on a map's own salt. */
  @Test
  void oneSeedGivesOneRunInEveryProcess() throws IOException {
    Simulation.Outcome outcome = Simulate.run("small", 7, Mutation.NONE, false);
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Simulate.class.getName(),
                "--seed",
                "7",
                "--quiet")
            .redirectErrorStream(true)
            .start();
    String printed = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(printed.contains(Simulate.hash(outcome)), printed);
  }

  /** Each dropped rule is found, within so many seeds. */
  @ParameterizedTest
  @EnumSource(value = Mutation.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aDroppedRuleIsFound(Mutation mutation) {
    int most = 40;
    for (int seed = 1; seed <= most; seed++) {
      Simulation.Outcome outcome = Simulate.run("small", seed, mutation, false);
      Throwable violation = outcome.violation();
      if (violation != null) {
        System.out.println(
            mutation + " is found with seed " + seed + ": " + violation.getMessage());
        assertNotNull(violation.getMessage());
        return;
      }
    }
    fail(mutation + " is not found within " + most + " seeds");
  }
}
