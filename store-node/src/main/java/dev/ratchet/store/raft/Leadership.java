package dev.ratchet.store.raft;

/** Told when this member begins and ends to lead, in order, by the thread that applies entries. */
public interface Leadership {
  /** This member leads from now on; it has applied every entry of the terms before. */
  void onLeaderStart(long term);

  /** This member leads no more; calls may repeat. */
  void onLeaderStop();
}
