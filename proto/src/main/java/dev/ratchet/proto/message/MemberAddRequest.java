package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * Makes a store node a member: it runs with `join: true`, and has an empty data folder.
 *
 * @param token the admin token
 * @param node its node id
 * @param zone its zone
 * @param rpc where it is called
 * @param raft where the other store nodes call it
 */
public record MemberAddRequest(String token, String node, String zone, String rpc, String raft)
    implements AdminRequest {
  public static final MessageSchema<MemberAddRequest> SCHEMA =
      MessageSchema.of(MemberAddRequest.class)
          .string(1, "token", MemberAddRequest::token)
          .string(2, "node", MemberAddRequest::node)
          .string(3, "zone", MemberAddRequest::zone)
          .string(4, "rpc", MemberAddRequest::rpc)
          .string(5, "raft", MemberAddRequest::raft)
          .build(
              v ->
                  new MemberAddRequest(
                      v.string(1), v.string(2), v.string(3), v.string(4), v.string(5)));

  @Override
  public String toString() {
    return "MemberAddRequest[token="
        + HIDDEN
        + ", node="
        + node
        + ", zone="
        + zone
        + ", rpc="
        + rpc
        + ", raft="
        + raft
        + "]";
  }
}
