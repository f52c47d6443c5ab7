package dev.ratchet.store.state;

/**
 * An entry of the log that is whole, and of a format that this software does not know: another
 * store node runs another version.
 */
public final class UnknownVersionException extends UndecodableEntryException {
  private static final long serialVersionUID = 1L;

  UnknownVersionException(int version) {
    super(
        "the entry has log format "
            + version
            + ", and this node reads "
            + LogFormat.own().readable()
            + ": another store node runs a newer version of Ratchet");
  }
}
