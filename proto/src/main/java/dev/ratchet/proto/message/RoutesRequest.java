package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * Asks for the route table's changes; waits for one if there is none yet.
 *
 * @param version version the caller has, 0 for none
 * @param waitMillis how long to wait for a change
 */
public record RoutesRequest(long version, int waitMillis) {
  public static final MessageSchema<RoutesRequest> SCHEMA =
      MessageSchema.of(RoutesRequest.class)
          .uint64(1, "version", RoutesRequest::version)
          .uint32(2, "wait_millis", RoutesRequest::waitMillis)
          .build(v -> new RoutesRequest(v.int64(1), v.int32(2)));
}
