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
 */
public record Grant(
    int namespaceId, int section, long epoch, long base, long maxSeq, int handoverChunks) {
  public static final MessageSchema<Grant> SCHEMA =
      MessageSchema.of(Grant.class)
          .uint32(1, "namespace_id", Grant::namespaceId)
          .uint32(2, "section", Grant::section)
          .uint64(3, "epoch", Grant::epoch)
          .uint64(4, "base", Grant::base)
          .uint64(5, "max_seq", Grant::maxSeq)
          .uint32(6, "handover_chunks", Grant::handoverChunks)
          .build(
              v ->
                  new Grant(
                      v.int32(1), v.int32(2), v.int64(3), v.int64(4), v.int64(5), v.int32(6)));
}
