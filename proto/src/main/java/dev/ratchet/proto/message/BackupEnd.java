package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * Last block of a backup file: one that lacks it is cut off.
 *
 * @param blocks blocks before this one
 * @param sections sections in them
 */
public record BackupEnd(int blocks, long sections) {
  public static final MessageSchema<BackupEnd> SCHEMA =
      MessageSchema.of(BackupEnd.class)
          .uint32(1, "blocks", BackupEnd::blocks)
          .uint64(2, "sections", BackupEnd::sections)
          .build(v -> new BackupEnd(v.int32(1), v.int64(2)));
}
