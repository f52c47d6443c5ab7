package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * One routed key of an {@link IssueRequest}.
 *
 * @param namespaceId namespace
 * @param key user id, or XXH64 of the key's bytes
 * @param count how many numbers to take; 0 asks for the last one issued
 * @param epoch epoch of the section as the caller's route table has it
 */
public record IssueItem(int namespaceId, long key, int count, long epoch) {
  public static final MessageSchema<IssueItem> SCHEMA =
      MessageSchema.of(IssueItem.class)
          .uint32(1, "namespace_id", IssueItem::namespaceId)
          .fixed64(2, "key", IssueItem::key)
          .uint32(3, "count", IssueItem::count)
          .uint64(4, "epoch", IssueItem::epoch)
          .build(v -> new IssueItem(v.int32(1), v.int64(2), v.int32(3), v.int64(4)));
}
