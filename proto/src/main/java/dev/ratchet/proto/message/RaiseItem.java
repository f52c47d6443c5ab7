package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * Lifts the ceiling of one section: a compare-and-set on epoch and expected maxSeq.
 *
 * @param namespaceId namespace
 * @param section section
 * @param epoch epoch of the caller's grant
 * @param expected maxSeq as the caller knows it
 * @param target new maxSeq
 */
public record RaiseItem(int namespaceId, int section, long epoch, long expected, long target) {
  public static final MessageSchema<RaiseItem> SCHEMA =
      MessageSchema.of(RaiseItem.class)
          .uint32(1, "namespace_id", RaiseItem::namespaceId)
          .uint32(2, "section", RaiseItem::section)
          .uint64(3, "epoch", RaiseItem::epoch)
          .uint64(4, "expected", RaiseItem::expected)
          .uint64(5, "target", RaiseItem::target)
          .build(v -> new RaiseItem(v.int32(1), v.int32(2), v.int64(3), v.int64(4), v.int64(5)));
}
