package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * Has one section handed over to an allocation node, and keeps it there: until the node's lease is
 * over, it is drained, or a balance is asked for.
 *
 * @param token the admin token
 * @param namespace name of the namespace
 * @param section section
 * @param node id of the allocation node
 */
public record MoveRequest(String token, String namespace, int section, String node)
    implements AdminRequest {
  public static final MessageSchema<MoveRequest> SCHEMA =
      MessageSchema.of(MoveRequest.class)
          .string(1, "token", MoveRequest::token)
          .string(2, "namespace", MoveRequest::namespace)
          .uint32(3, "section", MoveRequest::section)
          .string(4, "node", MoveRequest::node)
          .build(v -> new MoveRequest(v.string(1), v.string(2), v.int32(3), v.string(4)));

  @Override
  public String toString() {
    return "MoveRequest[token="
        + HIDDEN
        + ", namespace="
        + namespace
        + ", section="
        + section
        + ", node="
        + node
        + "]";
  }
}
