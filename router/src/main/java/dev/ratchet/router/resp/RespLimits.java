package dev.ratchet.router.resp;

import dev.ratchet.proto.Limits;

/** Named bounds of the Redis port. A client past one of them gets an error, or is cut off. */
final class RespLimits {
  /** Arguments of a command, its name included: a batch of keys fits. */
  static final int MAX_ARGS = 1 + Limits.MAX_BATCH;

  /** Bytes of one argument. */
  static final int MAX_BULK_BYTES = 64 << 10;

  /** Bytes of a command written as a line. */
  static final int MAX_INLINE_BYTES = 64 << 10;

  /** Bytes of all arguments of a command. */
  static final int MAX_COMMAND_BYTES = 4 << 20;

  /** Bytes of a length line, such as {@code *3}. */
  static final int MAX_HEADER_BYTES = 32;

  /** Keys of one connection that may wait for their answer before nothing more is read. */
  static final int PENDING_HIGH = 2_048;

  /** Keys waiting at which reading goes on. */
  static final int PENDING_LOW = 512;

  /** Bytes of unread replies at which nothing more is read, and below which reading goes on. */
  static final int UNREAD_HIGH_BYTES = 256 << 10;

  static final int UNREAD_LOW_BYTES = 64 << 10;

  /** Bytes of unread replies at which a client is cut off. */
  static final int MAX_UNREAD_BYTES = 8 << 20;

  /** Replies are handed to the connection in pieces of about this size. */
  static final int WRITE_CHUNK_BYTES = 32 << 10;

  /** Characters of an error; the rest is cut. */
  static final int MAX_ERROR_CHARS = 1_000;

  private RespLimits() {}
}
