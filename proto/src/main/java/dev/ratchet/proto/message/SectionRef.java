package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * A section.
 *
 * @param namespaceId namespace
 * @param section section
 */
public record SectionRef(int namespaceId, int section) {
  public static final MessageSchema<SectionRef> SCHEMA =
      MessageSchema.of(SectionRef.class)
          .uint32(1, "namespace_id", SectionRef::namespaceId)
          .uint32(2, "section", SectionRef::section)
          .build(v -> new SectionRef(v.int32(1), v.int32(2)));
}
