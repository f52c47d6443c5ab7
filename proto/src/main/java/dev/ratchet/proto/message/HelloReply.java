package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * Who answers.
 *
 * @param role store, alloc or router
 * @param node node id
 * @param zone zone of the node
 * @param version software version
 */
public record HelloReply(String role, String node, String zone, String version) {
  public static final MessageSchema<HelloReply> SCHEMA =
      MessageSchema.of(HelloReply.class)
          .string(1, "role", HelloReply::role)
          .string(2, "node", HelloReply::node)
          .string(3, "zone", HelloReply::zone)
          .string(4, "version", HelloReply::version)
          .build(v -> new HelloReply(v.string(1), v.string(2), v.string(3), v.string(4)));
}
