package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/** Nothing to say. */
public record Empty() {
  public static final MessageSchema<Empty> SCHEMA =
      MessageSchema.of(Empty.class).build(v -> new Empty());
}
