package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * Lifts the ceilings of many sections in one entry.
 *
 * @param incarnation the lease
 * @param items the raises
 */
public record RaiseRequest(int incarnation, List<RaiseItem> items) {
  public static final MessageSchema<RaiseRequest> SCHEMA =
      MessageSchema.of(RaiseRequest.class)
          .uint32(1, "incarnation", RaiseRequest::incarnation)
          .list(2, "items", RaiseItem.SCHEMA, RaiseRequest::items)
          .build(v -> new RaiseRequest(v.int32(1), v.list(2)));
}
