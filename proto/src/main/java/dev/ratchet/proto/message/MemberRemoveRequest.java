package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * Takes a store node out of the members; without effect on one that is none.
 *
 * @param token the admin token
 * @param node its node id
 */
public record MemberRemoveRequest(String token, String node) implements AdminRequest {
  public static final MessageSchema<MemberRemoveRequest> SCHEMA =
      MessageSchema.of(MemberRemoveRequest.class)
          .string(1, "token", MemberRemoveRequest::token)
          .string(2, "node", MemberRemoveRequest::node)
          .build(v -> new MemberRemoveRequest(v.string(1), v.string(2)));

  @Override
  public String toString() {
    return "MemberRemoveRequest[token=" + HIDDEN + ", node=" + node + "]";
  }
}
