package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * A member of the store.
 *
 * @param node node id
 * @param zone zone
 * @param rpc where it is called
 * @param raft where the other store nodes call it
 * @param disk id of its disk
 * @param state member, joining or leaving
 * @param role leader, follower, candidate or unreachable
 * @param term raft term it is in
 * @param applied last entry it applied
 * @param lag entries it is behind the leader
 */
public record MemberInfo(
    String node,
    String zone,
    String rpc,
    String raft,
    String disk,
    String state,
    String role,
    long term,
    long applied,
    long lag) {
  public static final MessageSchema<MemberInfo> SCHEMA =
      MessageSchema.of(MemberInfo.class)
          .string(1, "node", MemberInfo::node)
          .string(2, "zone", MemberInfo::zone)
          .string(3, "rpc", MemberInfo::rpc)
          .string(4, "raft", MemberInfo::raft)
          .string(5, "disk", MemberInfo::disk)
          .string(6, "state", MemberInfo::state)
          .string(7, "role", MemberInfo::role)
          .uint64(8, "term", MemberInfo::term)
          .uint64(9, "applied", MemberInfo::applied)
          .uint64(10, "lag", MemberInfo::lag)
          .build(
              v ->
                  new MemberInfo(
                      v.string(1),
                      v.string(2),
                      v.string(3),
                      v.string(4),
                      v.string(5),
                      v.string(6),
                      v.string(7),
                      v.int64(8),
                      v.int64(9),
                      v.int64(10)));
}
