package dev.ratchet.testkit.sim;

import dev.ratchet.proto.key.Namespace;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * The cluster of one run and what happens to it. Immutable.
 *
 * @param allocNodes allocation nodes, spread over three zones
 * @param clients client processes
 * @param sessions callers a client, each with one call or batch at a time
 * @param thinkMillis mean time between two calls of a session
 * @param keys most keys used of each namespace
 * @param namespaces those that exist from the beginning
 * @param faultNanos how long faults go on
 * @param faults the kinds that happen
 * @param meanFaultMillis mean time between two faults of one kind
 * @param clockSpread clock rates lie within 1 ± this
 * @param slowClock rate of the first allocation node's clock, if not 0
 * @param snapshotEntries entries between two snapshots of a store node
 * @param settleMillis placement settle time
 * @param movesPerSecond placement's budget of moves
 * @param leaseWaitMillis the store's wait
 */
record Settings(
    int allocNodes,
    int clients,
    int sessions,
    double thinkMillis,
    int keys,
    List<Namespace> namespaces,
    long faultNanos,
    Set<Fault> faults,
    long meanFaultMillis,
    double clockSpread,
    double slowClock,
    int snapshotEntries,
    int settleMillis,
    int movesPerSecond,
    int leaseWaitMillis) {

  /** Most numbers that a simulated call takes of a key. */
  static final int MAX_COUNT = 4;

  /** Rates that no two machines' clocks differ by more than: 1.115 / 0.895 is below 5/4. */
  static final double LEGAL_SPREAD = 0.11;

  Settings {
    namespaces = List.copyOf(namespaces);
    faults = Set.copyOf(faults);
  }

  /** A small cluster of few sections with small steps, so that windows run out all the time. */
  static Settings small(long seed) {
    SplittableRandom random = new SplittableRandom(seed ^ 0x5E77_1265L);
    EnumSet<Fault> faults = EnumSet.noneOf(Fault.class);
    int kinds = 2 + random.nextInt(8);
    for (int i = 0; i < kinds; i++) {
      faults.add(List.of(Fault.values()).get(random.nextInt(Fault.values().length)));
    }
    List<Namespace> namespaces = new java.util.ArrayList<>();
    namespaces.add(Namespace.string("text", 1 + random.nextInt(12), step(random)));
    if (random.nextBoolean()) {
      long size = 1L + random.nextInt(40);
      namespaces.add(
          Namespace.uid("users", size * (1 + random.nextInt(9)) - 1, size, step(random)));
    }
    if (random.nextInt(3) == 0) {
      namespaces.add(Namespace.uid("tags", random.nextInt(6), 1, step(random)));
    }
    namespaces.replaceAll(one -> random.nextInt(4) == 0 ? one.asStrict() : one);
    return new Settings(
        2 + random.nextInt(4),
        1 + random.nextInt(3),
        1 + random.nextInt(4),
        random.nextInt(3) == 0 ? 10 : 60,
        1 + random.nextInt(30),
        namespaces,
        TimeUnit.SECONDS.toNanos(30 + random.nextInt(30)),
        faults,
        2_000 + random.nextInt(8_000),
        LEGAL_SPREAD,
        0,
        50 + random.nextInt(400),
        random.nextInt(2) * 500,
        1 + random.nextInt(200),
        2_000);
  }

  private static long step(SplittableRandom random) {
    return 1L + random.nextInt(random.nextBoolean() ? 8 : 200);
  }

  /** A big cluster that loses a zone. */
  static Settings big() {
    return new Settings(
        200,
        2,
        25,
        50,
        100_000,
        List.of(Namespace.uid("users", 4_000_000 - 1, 100, 1_000)),
        TimeUnit.SECONDS.toNanos(8),
        EnumSet.of(Fault.ZONE_LOSS),
        3_000,
        LEGAL_SPREAD,
        0,
        100_000,
        500,
        5_000,
        2_000);
  }

  /** A small cluster under no faults but what its operators do. */
  static Settings graceful(long seed) {
    return small(seed).withFaults(Fault.GRACEFUL, 4_000);
  }

  /** Whether nothing happens but what loses no number and fails no call. */
  boolean isGraceful() {
    return Fault.GRACEFUL.containsAll(faults);
  }

  private Settings withFaults(Set<Fault> kinds, long everyMillis) {
    return with(namespaces, kinds, everyMillis, slowClock, leaseWaitMillis);
  }

  /** With one clock that is far slower than any may be. */
  Settings withSlowClock(double rate) {
    return with(namespaces, faults, meanFaultMillis, rate, leaseWaitMillis);
  }

  private Settings withLeaseWait(int millis) {
    return with(namespaces, faults, meanFaultMillis, slowClock, millis);
  }

  /** Many callers of one client, all of them after few keys. */
  private Settings crowded() {
    return new Settings(
        2,
        1,
        12,
        100,
        1,
        namespaces,
        faultNanos,
        faults,
        1_500,
        clockSpread,
        slowClock,
        snapshotEntries,
        settleMillis,
        movesPerSecond,
        leaseWaitMillis);
  }

  private Settings allStrict() {
    List<Namespace> strict = namespaces.stream().map(Namespace::asStrict).toList();
    return with(strict, faults, meanFaultMillis, slowClock, leaseWaitMillis);
  }

  private Settings with(
      List<Namespace> spaces, Set<Fault> kinds, long everyMillis, double rate, int waitMillis) {
    return new Settings(
        allocNodes,
        clients,
        sessions,
        thinkMillis,
        keys,
        spaces,
        faultNanos,
        kinds,
        everyMillis,
        clockSpread,
        rate,
        snapshotEntries,
        settleMillis,
        movesPerSecond,
        waitMillis);
  }

  /** The small cluster of a seed, with what a mutation needs to show. */
  static Settings small(long seed, Mutation mutation) {
    Settings small = small(seed);
    return switch (mutation) {
      case NONE -> small;
      case SLOW_CLOCK -> small.with(Fault.LOST_RENEWALS, Fault.ALLOC_PAUSE).withSlowClock(0.6);
      case CLOCK_BLIND_TO_SLEEP -> small.with(Fault.ALLOC_SLEEP);
      case LEASE_FROM_ANSWER -> small.with(Fault.LATE_THEN_LOST_RENEWALS);
      case NO_LEASE_CHECK -> small.with(Fault.LOST_RENEWALS, Fault.ALLOC_PAUSE);
      case SHORT_STORE_WAIT -> small.with(Fault.LOST_RENEWALS).withLeaseWait(1_000);
      case EXPIRE_IGNORES_RENEWALS -> small.with(Fault.ALLOC_PAUSE, Fault.SLOW_COMMITS);
      case RAISE_IGNORES_EPOCH -> small.with(Fault.LOST_RENEWALS).withSlowClock(0.3);
      case STRICT_WITHOUT_BARRIER ->
          small.with(Fault.BROKEN_CONNECTIONS, Fault.LOST_RENEWALS).allStrict().withSlowClock(0.3);
      case RAISE_BEFORE_COMMIT -> small.with(Fault.LEADER_CUT_OFF, Fault.ALLOC_CRASH);
      case GRANT_WITHOUT_BASE, SAME_PROCESS_NUMBER -> small.with(Fault.ALLOC_CRASH);
      case SPLIT_GRANT -> small.with(Fault.ALLOC_CRASH, Fault.LOST_RENEWALS);
      case HANDOVER_LOSES_CHUNK, STOP_WITHOUT_RELEASE -> graceful(seed);
      case NO_FLOOR -> small.with(Fault.LATE_ANSWERS).crowded();
      case REPLICA_SKIPS_ENTRY -> small.with(Fault.STORE_CRASH);
    };
  }

  private Settings with(Fault... needed) {
    EnumSet<Fault> kinds = EnumSet.noneOf(Fault.class);
    kinds.addAll(List.of(needed));
    return withFaults(kinds, 3_000);
  }
}
