package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * Has another member lead the store.
 *
 * @param token the admin token
 * @param node its node id
 */
public record TransferRequest(String token, String node) implements AdminRequest {
  public static final MessageSchema<TransferRequest> SCHEMA =
      MessageSchema.of(TransferRequest.class)
          .string(1, "token", TransferRequest::token)
          .string(2, "node", TransferRequest::node)
          .build(v -> new TransferRequest(v.string(1), v.string(2)));

  @Override
  public String toString() {
    return "TransferRequest[token=" + HIDDEN + ", node=" + node + "]";
  }
}
