package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * A section under an epoch.
 *
 * @param namespaceId namespace
 * @param section section
 * @param epoch epoch of the caller's grant
 */
public record SectionEpoch(int namespaceId, int section, long epoch) {
  public static final MessageSchema<SectionEpoch> SCHEMA =
      MessageSchema.of(SectionEpoch.class)
          .uint32(1, "namespace_id", SectionEpoch::namespaceId)
          .uint32(2, "section", SectionEpoch::section)
          .uint64(3, "epoch", SectionEpoch::epoch)
          .build(v -> new SectionEpoch(v.int32(1), v.int32(2), v.int64(3)));

  /** The section alone. */
  public SectionRef ref() {
    return new SectionRef(namespaceId, section);
  }
}
