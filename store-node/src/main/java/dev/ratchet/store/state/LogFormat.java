package dev.ratchet.store.state;

import org.jspecify.annotations.Nullable;

/**
 * Which formats of log entries a version of this software writes and reads.
 *
 * @param writes the format it writes
 * @param readsFrom oldest that it reads
 * @param readsTo newest that it reads
 */
public record LogFormat(int writes, int readsFrom, int readsTo) {
  /** That of this software. */
  public static LogFormat own() {
    return new LogFormat(EntryCodec.VERSION, EntryCodec.OLDEST_VERSION, EntryCodec.VERSION);
  }

  /**
   * Why two nodes can't share a log, and in which order to upgrade; null when they can.
   *
   * @param self name of the node of this format
   * @param other name of the node of the other format
   */
  public @Nullable String conflict(String self, String other, LogFormat theirs) {
    if (!reads(theirs.writes)) {
      return differ(self, other, theirs)
          + " can't read what "
          + other
          + " writes: "
          + (theirs.writes > readsTo ? upgrade(self, theirs.writes) : upgrade(other, readsFrom));
    }
    if (!theirs.reads(writes)) {
      return differ(self, other, theirs)
          + "'s entries would halt "
          + other
          + ": "
          + (writes > theirs.readsTo
              ? upgrade(other, writes) + ", then start '" + self + "' again"
              : upgrade(self, theirs.readsFrom));
    }
    return null;
  }

  private String differ(String self, String other, LogFormat theirs) {
    return "store nodes of versions that don't fit together: '"
        + self
        + "' writes log format "
        + writes
        + " and reads "
        + readable()
        + ", '"
        + other
        + "' writes "
        + theirs.writes
        + " and reads "
        + theirs.readable()
        + "; '"
        + self
        + "'";
  }

  private static String upgrade(String node, int format) {
    return "first upgrade '" + node + "' to a version of Ratchet that reads format " + format;
  }

  boolean reads(int format) {
    return format >= readsFrom && format <= readsTo;
  }

  String readable() {
    return readsFrom == readsTo ? "only " + readsFrom : readsFrom + " to " + readsTo;
  }
}
