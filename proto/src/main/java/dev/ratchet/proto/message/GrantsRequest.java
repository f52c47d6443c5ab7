package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * Asks for grants made to an incarnation; waits for one if there is none yet.
 *
 * @param incarnation the lease
 * @param version route version up to which the caller knows its grants
 * @param waitMillis how long to wait for a change
 */
public record GrantsRequest(int incarnation, long version, int waitMillis) {
  public static final MessageSchema<GrantsRequest> SCHEMA =
      MessageSchema.of(GrantsRequest.class)
          .uint32(1, "incarnation", GrantsRequest::incarnation)
          .uint64(2, "version", GrantsRequest::version)
          .uint32(3, "wait_millis", GrantsRequest::waitMillis)
          .build(v -> new GrantsRequest(v.int32(1), v.int64(2), v.int32(3)));
}
