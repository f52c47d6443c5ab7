package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * Reads a chunk of the positions left by the last owner.
 *
 * @param incarnation the lease
 * @param namespaceId namespace
 * @param section section
 * @param epoch epoch of the caller's grant
 * @param chunk which, from 0
 */
public record HandoverRequest(
    int incarnation, int namespaceId, int section, long epoch, int chunk) {
  public static final MessageSchema<HandoverRequest> SCHEMA =
      MessageSchema.of(HandoverRequest.class)
          .uint32(1, "incarnation", HandoverRequest::incarnation)
          .uint32(2, "namespace_id", HandoverRequest::namespaceId)
          .uint32(3, "section", HandoverRequest::section)
          .uint64(4, "epoch", HandoverRequest::epoch)
          .uint32(5, "chunk", HandoverRequest::chunk)
          .build(
              v -> new HandoverRequest(v.int32(1), v.int32(2), v.int32(3), v.int64(4), v.int32(5)));
}
