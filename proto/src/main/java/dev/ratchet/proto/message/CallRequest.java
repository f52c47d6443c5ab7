package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * Takes numbers for keys by name; a router finds the owners.
 *
 * @param items the keys, answered in this order
 * @param timeoutMillis how long the caller will wait from now; 0 for the router's own bound
 */
public record CallRequest(List<CallItem> items, int timeoutMillis) {
  public static final MessageSchema<CallRequest> SCHEMA =
      MessageSchema.of(CallRequest.class)
          .list(1, "items", CallItem.SCHEMA, CallRequest::items)
          .uint32(2, "timeout_millis", CallRequest::timeoutMillis)
          .build(v -> new CallRequest(v.list(1), v.int32(2)));
}
