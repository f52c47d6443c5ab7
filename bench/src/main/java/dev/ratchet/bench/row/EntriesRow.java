package dev.ratchet.bench.row;

import dev.ratchet.bench.load.ClosedLoop;
import dev.ratchet.bench.load.NativeLoad;
import dev.ratchet.bench.measure.Finding;
import dev.ratchet.bench.measure.Goal;
import dev.ratchet.bench.process.LocalNodes;
import dev.ratchet.client.ClientConfig;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.MemberStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** Row 8: how much of the store a number takes. */
final class EntriesRow implements Row {
  private static final String NAMESPACE = "entries";
  private static final int USERS = 100_000;
  private static final int SECTION_SIZE = 1_000;

  /**
   * Numbers a call takes. Sections are raised by numbers, not by calls: so a run reaches in seconds
   * what calls for one number each reach in an hour.
   */
  private static final int NUMBERS_A_CALL = 100;

  private static final int UNDER_WAY = 512;
  private static final Duration IDLE = Duration.ofSeconds(5);

  /** Numbers in which each section is raised about once. */
  private static final long ROUND = Namespace.DEFAULT_STEP * USERS;

  private static final int ROUNDS_UNTIL_STEADY = 3;

  @Override
  public int number() {
    return 8;
  }

  @Override
  public String title() {
    return "Raft entries for numbers of 100,000 active users in 100 sections";
  }

  @Override
  public List<Finding> measure(Bench bench) throws IOException, InterruptedException {
    try (LocalNodes cluster =
        LocalNodes.start(bench.processes(), bench.home(), bench.work().resolve("entries"))) {
      cluster.create(Namespace.uid(NAMESPACE, USERS - 1, SECTION_SIZE, Namespace.DEFAULT_STEP));
      try (RatchetClient client =
          RatchetClient.connect(ClientConfig.of(List.of(cluster.alloc())))) {
        return List.of(measure(bench, client));
      }
    }
  }

  private static Finding measure(Bench bench, RatchetClient client) throws InterruptedException {
    ClosedLoop loop =
        new ClosedLoop(NativeLoad.manyEach(client, NAMESPACE, USERS, NUMBERS_A_CALL), UNDER_WAY);
    drive(bench, loop, bench.pace().isQuick() ? ROUND : ROUNDS_UNTIL_STEADY * ROUND);
    double idle = idleEntriesPerSecond(client);
    long applied = applied(client);
    long begin = System.nanoTime();
    long taken = drive(bench, loop, ROUND);
    double seconds = (System.nanoTime() - begin) / 1e9;
    double entries = applied(client) - applied - idle * seconds;
    String note =
        String.format(
            Locale.ROOT,
            "%,d numbers, %d a call; beside these entries an idle cluster writes %.1f a second,"
                + " for leases, which are left out",
            taken,
            NUMBERS_A_CALL,
            idle);
    return bench.found(
        Finding.ofFigure(
                "a million numbers", "entries", Math.max(0, entries) * 1e6 / taken, Goal.atMost(20))
            .withNote(note));
  }

  /** Takes at least so many numbers, and says how many it were. */
  private static long drive(Bench bench, ClosedLoop loop, long numbers)
      throws InterruptedException {
    long taken = 0;
    while (taken < numbers) {
      taken += loop.run(bench.pace().run()).allWell().calls() * NUMBERS_A_CALL;
    }
    return taken;
  }

  private static double idleEntriesPerSecond(RatchetClient client) {
    long before = applied(client);
    long begin = System.nanoTime();
    long left = IDLE.toNanos();
    while (left > 0) {
      LockSupport.parkNanos(left);
      left = IDLE.toNanos() - (System.nanoTime() - begin);
    }
    return (applied(client) - before) * 1e9 / (System.nanoTime() - begin);
  }

  private static long applied(RatchetClient client) {
    return client.status().join().members().stream()
        .mapToLong(MemberStatus::applied)
        .max()
        .orElseThrow();
  }
}
