package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * The renewal is committed.
 *
 * @param routeVersion version of the route table
 * @param release sections the store wants released for others
 */
public record RenewReply(long routeVersion, List<SectionRef> release) {
  public static final MessageSchema<RenewReply> SCHEMA =
      MessageSchema.of(RenewReply.class)
          .uint64(1, "route_version", RenewReply::routeVersion)
          .list(2, "release", SectionRef.SCHEMA, RenewReply::release)
          .build(v -> new RenewReply(v.int64(1), v.list(2)));
}
