package dev.ratchet.proto;

/** Named bounds of the protocols. A caller past one of them gets an error that names it. */
public final class Limits {
  /** Largest frame a server reads, in bytes after the length field. */
  public static final int MAX_REQUEST_BYTES = 1 << 20;

  /**
   * Largest frame a client reads: a whole route table of {@link #MAX_SECTIONS} sections fits, even
   * when each has another owner than its neighbours.
   */
  public static final int MAX_REPLY_BYTES = 32 << 20;

  /** Most numbers one call may take for one key. */
  public static final int MAX_COUNT = 100_000;

  /** Most keys in one batch. */
  public static final int MAX_BATCH = 4_096;

  /** Longest key of a {@code string} namespace, in bytes. */
  public static final int MAX_KEY_BYTES = 512;

  /** Longest namespace name, in characters. */
  public static final int MAX_NAMESPACE_NAME = 64;

  /** Most sections of all namespaces together. */
  public static final int MAX_SECTIONS = 1 << 20;

  /** Most namespaces of a cluster: all of them ride on every change of the route table. */
  public static final int MAX_NAMESPACES = 4_096;

  /** No number above this is ever given out; 2^62, so that arithmetic near it can't overflow. */
  public static final long MAX_NUMBER = 1L << 62;

  /** Largest amount by which one raise may lift a ceiling. */
  public static final long MAX_STEP = 1L << 32;

  /** Largest chunk of handed-over positions in one store command, in bytes. */
  public static final int MAX_HANDOVER_CHUNK = 128 << 10;

  /** Largest store command, in bytes: what callers fill a batch up to. */
  public static final int MAX_COMMAND_BYTES = 512 << 10;

  private Limits() {}
}
