package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * Takes numbers for keys that the caller has routed to this allocation node.
 *
 * @param items the keys, answered in this order
 * @param timeoutMillis how long the caller will wait from now; 0 for the node's own bound
 */
public record IssueRequest(List<IssueItem> items, int timeoutMillis) {
  public static final MessageSchema<IssueRequest> SCHEMA =
      MessageSchema.of(IssueRequest.class)
          .list(1, "items", IssueItem.SCHEMA, IssueRequest::items)
          .uint32(2, "timeout_millis", IssueRequest::timeoutMillis)
          .build(v -> new IssueRequest(v.list(1), v.int32(2)));
}
