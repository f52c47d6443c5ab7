package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * Lets every section go where even shares want it, those moved by hand too.
 *
 * @param token the admin token
 */
public record BalanceRequest(String token) implements AdminRequest {
  public static final MessageSchema<BalanceRequest> SCHEMA =
      MessageSchema.of(BalanceRequest.class)
          .string(1, "token", BalanceRequest::token)
          .build(v -> new BalanceRequest(v.string(1)));

  @Override
  public String toString() {
    return "BalanceRequest[token=" + HIDDEN + "]";
  }
}
