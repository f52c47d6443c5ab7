package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * The change is recorded; the store carries it out from then on, whoever leads.
 *
 * @param version version of the members
 */
public record MembersReply(long version) {
  public static final MessageSchema<MembersReply> SCHEMA =
      MessageSchema.of(MembersReply.class)
          .uint64(1, "version", MembersReply::version)
          .build(v -> new MembersReply(v.int64(1)));
}
