package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * A block of neighbouring sections in a backup file.
 *
 * @param namespaceId namespace
 * @param first first section
 * @param sections each in turn
 */
public record BackupSections(int namespaceId, int first, List<SavedSection> sections) {
  public static final MessageSchema<BackupSections> SCHEMA =
      MessageSchema.of(BackupSections.class)
          .uint32(1, "namespace_id", BackupSections::namespaceId)
          .uint32(2, "first", BackupSections::first)
          .list(3, "sections", SavedSection.SCHEMA, BackupSections::sections)
          .build(v -> new BackupSections(v.int32(1), v.int32(2), v.list(3)));
}
