package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * How busy a section is.
 *
 * @param namespaceId namespace
 * @param section section
 * @param rate calls a second that took numbers
 */
public record SectionRate(int namespaceId, int section, long rate) {
  public static final MessageSchema<SectionRate> SCHEMA =
      MessageSchema.of(SectionRate.class)
          .uint32(1, "namespace_id", SectionRate::namespaceId)
          .uint32(2, "section", SectionRate::section)
          .uint64(3, "rate", SectionRate::rate)
          .build(v -> new SectionRate(v.int32(1), v.int32(2), v.int64(3)));
}
