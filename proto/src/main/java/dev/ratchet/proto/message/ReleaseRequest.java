package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * Gives back sections.
 *
 * @param incarnation the lease
 * @param items sections and chunks, carried out in order
 * @param leave after them, end the lease: the node is going away
 */
public record ReleaseRequest(int incarnation, List<ReleaseItem> items, boolean leave) {
  public static final MessageSchema<ReleaseRequest> SCHEMA =
      MessageSchema.of(ReleaseRequest.class)
          .uint32(1, "incarnation", ReleaseRequest::incarnation)
          .list(2, "items", ReleaseItem.SCHEMA, ReleaseRequest::items)
          .bool(3, "leave", ReleaseRequest::leave)
          .build(v -> new ReleaseRequest(v.int32(1), v.list(2), v.bool(3)));
}
