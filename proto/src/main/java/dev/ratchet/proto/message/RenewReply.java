package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * The renewal is committed.
 *
 * @param routeVersion version of the route table
 * @param release sections the store wants released for others
 * @param halted sections that the store has halted, at these epochs, since it is behind what some
 *     node saw: those of this witness, and of those that the incarnation owned some each time
 * @param stores the store nodes there are, for the callers whose configured ones are replaced
 */
public record RenewReply(
    long routeVersion,
    List<SectionRef> release,
    List<SectionEpoch> halted,
    List<StoreAddress> stores) {
  public static final MessageSchema<RenewReply> SCHEMA =
      MessageSchema.of(RenewReply.class)
          .uint64(1, "route_version", RenewReply::routeVersion)
          .list(2, "release", SectionRef.SCHEMA, RenewReply::release)
          .list(3, "halted", SectionEpoch.SCHEMA, RenewReply::halted)
          .list(4, "stores", StoreAddress.SCHEMA, RenewReply::stores)
          .build(v -> new RenewReply(v.int64(1), v.list(2), v.list(3), v.list(4)));

  /** Of a store that is not behind, and names no store nodes. */
  public RenewReply(long routeVersion, List<SectionRef> release) {
    this(routeVersion, release, List.of(), List.of());
  }
}
