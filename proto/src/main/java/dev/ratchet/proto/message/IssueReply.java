package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * Answers to an {@link IssueRequest}, with newer routes when the caller's were old.
 *
 * @param results one an item, in order
 * @param routes none or one: what changed since the caller's route version
 */
public record IssueReply(List<IssueResult> results, List<RouteDelta> routes) {
  public static final MessageSchema<IssueReply> SCHEMA =
      MessageSchema.of(IssueReply.class)
          .list(1, "results", IssueResult.SCHEMA, IssueReply::results)
          .list(2, "routes", RouteDelta.SCHEMA, IssueReply::routes)
          .build(v -> new IssueReply(v.list(1), v.list(2)));
}
