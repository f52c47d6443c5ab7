package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * The node is being drained, or takes sections again.
 *
 * @param incarnation the lease that is meant; a later one of the same node is not
 */
public record DrainReply(int incarnation) {
  public static final MessageSchema<DrainReply> SCHEMA =
      MessageSchema.of(DrainReply.class)
          .uint32(1, "incarnation", DrainReply::incarnation)
          .build(v -> new DrainReply(v.int32(1)));
}
