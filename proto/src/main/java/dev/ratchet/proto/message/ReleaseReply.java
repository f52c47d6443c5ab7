package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * Outcomes, one an item, in order: 0 or the number of an {@link dev.ratchet.proto.ErrorCode}.
 *
 * @param results the outcomes
 */
public record ReleaseReply(List<RaiseResult> results) {
  public static final MessageSchema<ReleaseReply> SCHEMA =
      MessageSchema.of(ReleaseReply.class)
          .list(1, "results", RaiseResult.SCHEMA, ReleaseReply::results)
          .build(v -> new ReleaseReply(v.list(1)));
}
