package dev.ratchet.store.raft;

/** Whether an entry may use the room that is kept free when many are in flight. */
public enum Urgency {
  /** Keeps leases alive or sections served: a flood of other entries must not hold it up. */
  URGENT,
  /** Can be tried again. */
  NORMAL
}
