package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * Neighbouring sections of one namespace with the same owner and epoch.
 *
 * @param namespaceId namespace
 * @param first first section
 * @param count number of sections
 * @param owner incarnation of the owner, 0 for none
 * @param epoch their epoch
 */
public record SectionRun(int namespaceId, int first, int count, int owner, long epoch) {
  public static final MessageSchema<SectionRun> SCHEMA =
      MessageSchema.of(SectionRun.class)
          .uint32(1, "namespace_id", SectionRun::namespaceId)
          .uint32(2, "first", SectionRun::first)
          .uint32(3, "count", SectionRun::count)
          .uint32(4, "owner", SectionRun::owner)
          .uint64(5, "epoch", SectionRun::epoch)
          .build(v -> new SectionRun(v.int32(1), v.int32(2), v.int32(3), v.int32(4), v.int64(5)));
}
