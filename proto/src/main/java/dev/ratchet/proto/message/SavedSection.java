package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * A section as a backup has it.
 *
 * @param epoch its epoch; 0 if it was never granted
 * @param maxSeq its ceiling
 */
public record SavedSection(long epoch, long maxSeq) {
  public static final MessageSchema<SavedSection> SCHEMA =
      MessageSchema.of(SavedSection.class)
          .uint64(1, "epoch", SavedSection::epoch)
          .uint64(2, "max_seq", SavedSection::maxSeq)
          .build(v -> new SavedSection(v.int64(1), v.int64(2)));
}
