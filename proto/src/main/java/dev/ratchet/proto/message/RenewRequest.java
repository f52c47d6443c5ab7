package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * Renews the lease of an incarnation by a committed entry.
 *
 * @param incarnation the lease
 */
public record RenewRequest(int incarnation) {
  public static final MessageSchema<RenewRequest> SCHEMA =
      MessageSchema.of(RenewRequest.class)
          .uint32(1, "incarnation", RenewRequest::incarnation)
          .build(v -> new RenewRequest(v.int32(1)));
}
