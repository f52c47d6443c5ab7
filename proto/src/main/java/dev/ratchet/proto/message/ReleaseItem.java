package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * Gives back one section with its exact positions, or leaves one chunk of them.
 *
 * @param namespaceId namespace
 * @param section section
 * @param epoch epoch of the caller's grant
 * @param maxSeq maxSeq as the caller knows it
 * @param chunk index of the chunk of positions carried, from 0
 * @param positions encoded positions, empty for none
 * @param last this is the last chunk: release the section
 * @param base floor of the positions: at or above the grant's base, higher if keys were evicted
 */
@SuppressWarnings(
    "ArrayRecordComponent") // messages are compared by nobody; the array is never changed
public record ReleaseItem(
    int namespaceId,
    int section,
    long epoch,
    long maxSeq,
    int chunk,
    byte[] positions,
    boolean last,
    long base) {
  public static final MessageSchema<ReleaseItem> SCHEMA =
      MessageSchema.of(ReleaseItem.class)
          .uint32(1, "namespace_id", ReleaseItem::namespaceId)
          .uint32(2, "section", ReleaseItem::section)
          .uint64(3, "epoch", ReleaseItem::epoch)
          .uint64(4, "max_seq", ReleaseItem::maxSeq)
          .uint32(5, "chunk", ReleaseItem::chunk)
          .bytes(6, "positions", ReleaseItem::positions)
          .bool(7, "last", ReleaseItem::last)
          .uint64(8, "base", ReleaseItem::base)
          .build(
              v ->
                  new ReleaseItem(
                      v.int32(1),
                      v.int32(2),
                      v.int64(3),
                      v.int64(4),
                      v.int32(5),
                      v.bytes(6),
                      v.bool(7),
                      v.int64(8)));
}
