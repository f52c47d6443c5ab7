package dev.ratchet.testkit.sim;

import java.util.Set;

/** What may go wrong, or be done, while a cluster is in use. */
enum Fault {
  ALLOC_CRASH,
  ALLOC_PAUSE,
  ALLOC_SLEEP,
  ALLOC_STOP,
  ROLLING_RESTART,
  TWIN,
  LOST_RENEWALS,
  LATE_THEN_LOST_RENEWALS,
  BROKEN_CONNECTIONS,
  STORE_CRASH,
  STORE_PAUSE,
  STORE_LAG,
  ALL_STORES_DOWN,
  LEADER_TRANSFER,
  LEADER_CUT_OFF,
  SLOW_COMMITS,
  REFUSED_COMMANDS,
  LOSS,
  DUPLICATES,
  OVERTAKING,
  SLOW_LINK,
  ONE_WAY_CUT,
  ZONE_PARTITION,
  ZONE_LOSS,
  CLIENT_CUT,
  LATE_ANSWERS,
  NEW_NAMESPACE;

  /** What an operator does: no number is skipped by it and no call fails. */
  static final Set<Fault> GRACEFUL =
      Set.of(ALLOC_STOP, ROLLING_RESTART, LEADER_TRANSFER, NEW_NAMESPACE);
}
