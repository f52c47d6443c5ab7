package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * Has an allocation node hand all its sections to the others. It is given no others until it
 * registers anew or the drain is taken back.
 *
 * @param token the admin token
 * @param node id of the allocation node
 * @param undo takes a drain back
 */
public record DrainRequest(String token, String node, boolean undo) implements AdminRequest {
  public static final MessageSchema<DrainRequest> SCHEMA =
      MessageSchema.of(DrainRequest.class)
          .string(1, "token", DrainRequest::token)
          .string(2, "node", DrainRequest::node)
          .bool(3, "undo", DrainRequest::undo)
          .build(v -> new DrainRequest(v.string(1), v.string(2), v.bool(3)));

  @Override
  public String toString() {
    return "DrainRequest[token=" + HIDDEN + ", node=" + node + ", undo=" + undo + "]";
  }
}
