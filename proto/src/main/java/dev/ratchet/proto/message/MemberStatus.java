package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * One store node.
 *
 * @param node node id
 * @param zone zone
 * @param address address of its store port
 * @param role leader, follower, candidate or unreachable
 * @param term Raft term it is in
 * @param applied last entry it applied
 * @param lag entries it is behind the leader
 */
public record MemberStatus(
    String node, String zone, String address, String role, long term, long applied, long lag) {
  public static final MessageSchema<MemberStatus> SCHEMA =
      MessageSchema.of(MemberStatus.class)
          .string(1, "node", MemberStatus::node)
          .string(2, "zone", MemberStatus::zone)
          .string(3, "address", MemberStatus::address)
          .string(4, "role", MemberStatus::role)
          .uint64(5, "term", MemberStatus::term)
          .uint64(6, "applied", MemberStatus::applied)
          .uint64(7, "lag", MemberStatus::lag)
          .build(
              v ->
                  new MemberStatus(
                      v.string(1),
                      v.string(2),
                      v.string(3),
                      v.string(4),
                      v.int64(5),
                      v.int64(6),
                      v.int64(7)));
}
