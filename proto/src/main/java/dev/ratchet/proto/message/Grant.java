package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * A section given to an incarnation, with the window it may issue from: (base, maxSeq].
 *
 * @param namespaceId namespace
 * @param section section
 * @param epoch epoch of the grant
 * @param base floor: every number at or below may have been issued, unless handed-over positions
 *     say otherwise
 * @param maxSeq persisted ceiling
 * @param handoverChunks chunks of positions the last owner left; 0 for none
 * @param positions the one chunk, where there is one and the reply has room; else empty, and chunks
 *     are to be asked for
 */
@SuppressWarnings(
    "ArrayRecordComponent") // messages are compared by nobody; the array is never changed
public record Grant(
    int namespaceId,
    int section,
    long epoch,
    long base,
    long maxSeq,
    int handoverChunks,
    byte[] positions) {
  private static final byte[] NO_POSITIONS = {};

  public static final MessageSchema<Grant> SCHEMA =
      MessageSchema.of(Grant.class)
          .uint32(1, "namespace_id", Grant::namespaceId)
          .uint32(2, "section", Grant::section)
          .uint64(3, "epoch", Grant::epoch)
          .uint64(4, "base", Grant::base)
          .uint64(5, "max_seq", Grant::maxSeq)
          .uint32(6, "handover_chunks", Grant::handoverChunks)
          .bytes(7, "positions", Grant::positions)
          .build(
              v ->
                  new Grant(
                      v.int32(1),
                      v.int32(2),
                      v.int64(3),
                      v.int64(4),
                      v.int64(5),
                      v.int32(6),
                      v.bytes(7)));

  /** A grant without its positions. */
  public Grant(int namespaceId, int section, long epoch, long base, long maxSeq, int chunks) {
    this(namespaceId, section, epoch, base, maxSeq, chunks, NO_POSITIONS);
  }

  /** The same grant with its one chunk. */
  public Grant with(byte[] chunk) {
    return new Grant(namespaceId, section, epoch, base, maxSeq, handoverChunks, chunk);
  }
}
