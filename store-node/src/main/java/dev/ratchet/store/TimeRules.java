package dev.ratchet.store;

import java.util.List;

/**
 * Checks the times of a configuration, and the relation that a safe and steady lease rests on: a
 * holder may count 4/5 of the store's wait (clock rates differ by less than 25 %), and that must
 * last two renewals and the worst election, so that losing a leader never stops a section.
 */
final class TimeRules {
  /** How often an allocation node renews by default, in milliseconds. */
  static final int RENEW_MILLIS = 250;

  /** A vote and a commit after an election timeout, on a slow disk. */
  static final int COMMIT_MILLIS = 200;

  private static final int MAX_LEASE_WAIT_MILLIS = 600_000;
  private static final int MAX_SNAPSHOT_INTERVAL_SECONDS = 86_400;

  private final StoreConfig config;
  private final List<String> wrong;

  TimeRules(StoreConfig config, List<String> wrong) {
    this.config = config;
    this.wrong = wrong;
  }

  void check() {
    checkRange("electionTimeoutMillis", config.electionTimeoutMillis(), 100, 60_000);
    checkRange("electionJitterMillis", config.electionJitterMillis(), 10, 60_000);
    checkRange(
        "snapshotIntervalSeconds",
        config.snapshotIntervalSeconds(),
        2,
        MAX_SNAPSHOT_INTERVAL_SECONDS);
    checkRange("applyBatch", config.applyBatch(), 1, 1_024);
    checkRange("leaseWaitMillis", config.leaseWaitMillis(), 1, MAX_LEASE_WAIT_MILLIS);
    checkRange("suspectMillis", config.suspectMillis(), 10, MAX_LEASE_WAIT_MILLIS);
    checkRange("placementSettleMillis", config.placementSettleMillis(), 0, 600_000);
    checkRange("movesPerSecond", config.movesPerSecond(), 1, 1_000_000);
    long least = leastWaitMillis();
    if (config.leaseWaitMillis() < least) {
      wrong.add(
          "leaseWaitMillis: "
              + config.leaseWaitMillis()
              + " must be at least "
              + least
              + ", 5/4 of two renewals ("
              + 2 * RENEW_MILLIS
              + "), the worst election (twice "
              + config.electionTimeoutMillis()
              + ", + "
              + config.electionJitterMillis()
              + ") and a commit ("
              + COMMIT_MILLIS
              + "): a shorter lease would end while the store elects a leader");
    }
  }

  private long leastWaitMillis() {
    // The library's timer runs on whatever it hears: a leader that dies just before the timer looks
    // is found dead by the next look only.
    long election = 2L * config.electionTimeoutMillis() + config.electionJitterMillis();
    long holder = 2L * RENEW_MILLIS + election + COMMIT_MILLIS;
    return (holder * 5 + 3) / 4;
  }

  private void checkRange(String field, int value, int least, int most) {
    if (value < least || value > most) {
      wrong.add(field + ": " + value + " must be " + least + " to " + most);
    }
  }
}
