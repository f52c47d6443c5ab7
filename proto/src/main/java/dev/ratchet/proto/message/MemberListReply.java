package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * The store's members as its leader sees them.
 *
 * @param version version of the members
 * @param members those recorded, and those that are being removed
 */
public record MemberListReply(long version, List<MemberInfo> members) {
  public static final MessageSchema<MemberListReply> SCHEMA =
      MessageSchema.of(MemberListReply.class)
          .uint64(1, "version", MemberListReply::version)
          .list(2, "members", MemberInfo.SCHEMA, MemberListReply::members)
          .build(v -> new MemberListReply(v.int64(1), v.list(2)));
}
