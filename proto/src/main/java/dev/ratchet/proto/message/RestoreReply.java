package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * How far a restore is.
 *
 * @param namespaceId namespace of the section to be brought back next; 0 when all are
 * @param section that section
 */
public record RestoreReply(int namespaceId, int section) {
  public static final MessageSchema<RestoreReply> SCHEMA =
      MessageSchema.of(RestoreReply.class)
          .uint32(1, "namespace_id", RestoreReply::namespaceId)
          .uint32(2, "section", RestoreReply::section)
          .build(v -> new RestoreReply(v.int32(1), v.int32(2)));
}
