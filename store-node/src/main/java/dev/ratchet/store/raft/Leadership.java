package dev.ratchet.store.raft;

/** Told when this member begins and ends to lead, in order, by the thread that applies entries. */
public interface Leadership {
  /**
   * This member leads from now on; it has applied every entry of the terms before.
   *
   * @param heardNanos a moment on the monotonic clock by which all of those entries had come here,
   *     or to the disk that this member started from
   */
  void onLeaderStart(long term, long heardNanos);

  /** This member leads no more; calls may repeat. */
  void onLeaderStop();
}
