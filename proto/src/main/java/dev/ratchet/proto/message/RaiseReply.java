package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * Outcomes, one an item, in order.
 *
 * @param results the outcomes
 */
public record RaiseReply(List<RaiseResult> results) {
  public static final MessageSchema<RaiseReply> SCHEMA =
      MessageSchema.of(RaiseReply.class)
          .list(1, "results", RaiseResult.SCHEMA, RaiseReply::results)
          .build(v -> new RaiseReply(v.list(1)));
}
