package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * Asks for the store's members.
 *
 * @param token the admin token
 */
public record MemberListRequest(String token) implements AdminRequest {
  public static final MessageSchema<MemberListRequest> SCHEMA =
      MessageSchema.of(MemberListRequest.class)
          .string(1, "token", MemberListRequest::token)
          .build(v -> new MemberListRequest(v.string(1)));

  @Override
  public String toString() {
    return "MemberListRequest[token=" + HIDDEN + "]";
  }
}
