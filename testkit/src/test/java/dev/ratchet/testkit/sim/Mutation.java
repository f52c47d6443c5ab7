package dev.ratchet.testkit.sim;

/** One rule dropped, or one bug of others put in: the checker must find each. */
enum Mutation {
  /** Nothing is wrong. */
  NONE,
  /** A node's clock counts 0.6 of a second in a second. */
  SLOW_CLOCK,
  /** A node's clock stands still while its machine sleeps. */
  CLOCK_BLIND_TO_SLEEP,
  /** The holder counts its lease from the answer to a renewal. */
  LEASE_FROM_ANSWER,
  /** Calls are served without a look at the lease. */
  NO_LEASE_CHECK,
  /** Strict answers go out without a barrier; with a slow clock, so that only it protects. */
  STRICT_WITHOUT_BARRIER,
  /** The store waits half as long as the holder counts. */
  SHORT_STORE_WAIT,
  /** An expire ends the lease though a renewal came in between. */
  EXPIRE_IGNORES_RENEWALS,
  /** A raise is taken whatever its epoch; with a slow clock, so that only the epoch protects. */
  RAISE_IGNORES_EPOCH,
  /** A leader answers raises before they are committed. */
  RAISE_BEFORE_COMMIT,
  /** A grant leaves the base where it was. */
  GRANT_WITHOUT_BASE,
  /** A grant takes the base as it was when the owner last renewed. */
  SPLIT_GRANT,
  /** The last chunk of handed-over positions is lost. */
  HANDOVER_LOSES_CHUNK,
  /** A process registers under the number of its life before. */
  SAME_PROCESS_NUMBER,
  /** Clients take any answer, whatever its epoch. */
  NO_FLOOR,
  /** A replica leaves out an entry. */
  REPLICA_SKIPS_ENTRY,
  /** A node that is told to stop just dies. */
  STOP_WITHOUT_RELEASE
}
