package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * First call on a connection: who calls.
 *
 * @param client name and version of the calling software, for logs
 */
public record Hello(String client) {
  public static final MessageSchema<Hello> SCHEMA =
      MessageSchema.of(Hello.class)
          .string(1, "client", Hello::client)
          .build(v -> new Hello(v.string(1)));
}
