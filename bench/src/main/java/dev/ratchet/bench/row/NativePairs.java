package dev.ratchet.bench.row;

import dev.ratchet.bench.floor.EchoFloor;
import dev.ratchet.bench.load.ClosedLoop;
import dev.ratchet.bench.load.LoadTarget;
import dev.ratchet.bench.load.NativeLoad;
import dev.ratchet.bench.measure.Finding;
import dev.ratchet.bench.measure.Goal;
import dev.ratchet.bench.measure.Pairs;
import dev.ratchet.client.RatchetClient;
import java.io.IOException;
import java.util.function.Function;

/** Pairs of full loads by two native clients of this process. */
final class NativePairs {
  /** Users that numbers are asked for. */
  private static final int USERS = 1_000_000;

  private static final int BATCH = 100;

  /** Under way at a time: enough that no side ever waits for the other. */
  private static final int SINGLES_UNDER_WAY = 1_024;

  private static final int BATCHES_UNDER_WAY = 32;

  private final Bench bench;
  private final RatchetClient ours;
  private final RatchetClient rival;

  NativePairs(Bench bench, RatchetClient ours, RatchetClient rival) {
    this.bench = bench;
    this.ours = ours;
    this.rival = rival;
  }

  /** Calls for one number each. */
  Finding singles(double goal) throws IOException, InterruptedException {
    return measure(
        "single calls, " + SINGLES_UNDER_WAY + " under way",
        client -> NativeLoad.singles(client, EchoFloor.NAMESPACE.name(), USERS),
        SINGLES_UNDER_WAY,
        1,
        goal);
  }

  /** Calls for a number of each of 100 users. */
  Finding batches(double goal) throws IOException, InterruptedException {
    return measure(
        "batches of " + BATCH + ", " + BATCHES_UNDER_WAY + " under way",
        client -> NativeLoad.batches(client, EchoFloor.NAMESPACE.name(), USERS, BATCH),
        BATCHES_UNDER_WAY,
        BATCH,
        goal);
  }

  private Finding measure(
      String what, Function<RatchetClient, LoadTarget> load, int underWay, int numbers, double goal)
      throws IOException, InterruptedException {
    ClosedLoop ourLoop = new ClosedLoop(load.apply(ours), underWay);
    ClosedLoop rivalLoop = new ClosedLoop(load.apply(rival), underWay);
    ourLoop.run(bench.pace().warmUp()).allWell();
    rivalLoop.run(bench.pace().warmUp()).allWell();
    Pairs pairs =
        Pairs.measure(
            bench.pace().pairs(),
            () -> ourLoop.run(bench.pace().run()).allWell().perSecond() * numbers,
            () -> rivalLoop.run(bench.pace().run()).allWell().perSecond() * numbers);
    return bench.found(Finding.ofPairs(what, "numbers/s", pairs, Goal.atLeast(goal)));
  }
}
