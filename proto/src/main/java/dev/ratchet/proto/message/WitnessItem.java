package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * What an allocation node knows to be committed of a section.
 *
 * @param namespaceId namespace
 * @param section section
 * @param epoch highest epoch seen
 * @param maxSeq highest maxSeq seen
 */
public record WitnessItem(int namespaceId, int section, long epoch, long maxSeq) {
  public static final MessageSchema<WitnessItem> SCHEMA =
      MessageSchema.of(WitnessItem.class)
          .uint32(1, "namespace_id", WitnessItem::namespaceId)
          .uint32(2, "section", WitnessItem::section)
          .uint64(3, "epoch", WitnessItem::epoch)
          .uint64(4, "max_seq", WitnessItem::maxSeq)
          .build(v -> new WitnessItem(v.int32(1), v.int32(2), v.int64(3), v.int64(4)));
}
