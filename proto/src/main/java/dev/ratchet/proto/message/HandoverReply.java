package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * A chunk of positions.
 *
 * @param positions encoded positions
 */
@SuppressWarnings(
    "ArrayRecordComponent") // messages are compared by nobody; the array is never changed
public record HandoverReply(byte[] positions) {
  public static final MessageSchema<HandoverReply> SCHEMA =
      MessageSchema.of(HandoverReply.class)
          .bytes(1, "positions", HandoverReply::positions)
          .build(v -> new HandoverReply(v.bytes(1)));
}
