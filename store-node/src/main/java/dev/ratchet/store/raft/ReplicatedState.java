package dev.ratchet.store.raft;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What the log's entries are applied to, the same on every member. Called by one thread at a time.
 * Anything thrown halts the node: an entry is never skipped.
 */
public interface ReplicatedState {
  /** Applies the next committed entry, from its bytes alone, and gives its outcome. */
  Object apply(byte[] entry);

  /**
   * Makes the entries applied since the last call visible, all at once; their outcomes are told
   * only after it.
   *
   * @param index index of the last of them
   */
  void commit(long index) throws IOException;

  /** What an operator should do about an entry that {@link #apply} died of. */
  String adviceOn(Throwable cause);

  /** Writes the whole state, as of the last commit, as plain files in an existing folder. */
  void saveTo(Path folder) throws IOException;

  /** Replaces the whole state by what {@link #saveTo} wrote; the files must stay as they are. */
  void loadFrom(Path folder) throws IOException;
}
