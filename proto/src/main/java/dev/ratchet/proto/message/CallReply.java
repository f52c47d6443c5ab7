package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * Answers to a {@link CallRequest}.
 *
 * @param results one an item, in order
 */
public record CallReply(List<IssueResult> results) {
  public static final MessageSchema<CallReply> SCHEMA =
      MessageSchema.of(CallReply.class)
          .list(1, "results", IssueResult.SCHEMA, CallReply::results)
          .build(v -> new CallReply(v.list(1)));
}
