package dev.ratchet.store.state;

/**
 * Bytes of the log that this version can't read: damaged, or, as {@link UnknownVersionException},
 * written by another version. The node must halt: skipping the entry would make its state differ
 * from the other replicas'.
 */
public class UndecodableEntryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UndecodableEntryException(String message) {
    super(message);
  }

  public UndecodableEntryException(String message, Throwable cause) {
    super(message, cause);
  }
}
