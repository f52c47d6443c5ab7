package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * The lease granted.
 *
 * @param incarnation number of the new lease, named in every later call
 */
public record RegisterReply(int incarnation) {
  public static final MessageSchema<RegisterReply> SCHEMA =
      MessageSchema.of(RegisterReply.class)
          .uint32(1, "incarnation", RegisterReply::incarnation)
          .build(v -> new RegisterReply(v.int32(1)));
}
