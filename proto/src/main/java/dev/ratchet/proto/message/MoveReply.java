package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * The section will be handed over; the route table shows when it is.
 *
 * @param incarnation the lease that it goes to
 */
public record MoveReply(int incarnation) {
  public static final MessageSchema<MoveReply> SCHEMA =
      MessageSchema.of(MoveReply.class)
          .uint32(1, "incarnation", MoveReply::incarnation)
          .build(v -> new MoveReply(v.int32(1)));
}
