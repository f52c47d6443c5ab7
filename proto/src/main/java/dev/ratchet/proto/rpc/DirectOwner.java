package dev.ratchet.proto.rpc;

/**
 * An allocation node in the caller's own process, asked for numbers without a connection. Called
 * only on the event loops that the node was given, which is what a release of sections waits for.
 */
public interface DirectOwner {
  /** {@link #take}: not this way; ask as from another process, which waits or says why not. */
  long NOT_NOW = 0;

  /** The incarnation whose lease it serves under, 0 without one. */
  int incarnation();

  /**
   * Takes numbers of a key. They may be shown only after {@link #confirm} said so.
   *
   * @param incarnation whom the route names
   * @param epoch of the route
   * @return the first of them, or {@link #NOT_NOW}
   */
  long take(int incarnation, int namespaceId, int section, long epoch, long key, int count);

  /**
   * Whether the lease still holds, to be asked after numbers were taken under it: then nobody else
   * can have issued before now.
   *
   * @param numbers how many were taken since it was last asked
   */
  boolean confirm(int incarnation, long numbers);
}
