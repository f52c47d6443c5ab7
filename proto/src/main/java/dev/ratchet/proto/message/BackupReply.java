package dev.ratchet.proto.message;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * The head of a backup, or neighbouring sections.
 *
 * @param cluster cluster id
 * @param routeVersion version of the route table
 * @param lastIncarnation incarnation given out last
 * @param lastNamespace namespace id given out last
 * @param floorEpoch epoch above which sections never granted begin
 * @param floorNumber number above which sections never granted begin
 * @param namespaces all namespaces, in the head
 * @param sections sections from the one asked for on
 */
public record BackupReply(
    String cluster,
    long routeVersion,
    int lastIncarnation,
    int lastNamespace,
    long floorEpoch,
    long floorNumber,
    List<Namespace> namespaces,
    List<SavedSection> sections) {
  public static final MessageSchema<BackupReply> SCHEMA =
      MessageSchema.of(BackupReply.class)
          .string(1, "cluster", BackupReply::cluster)
          .uint64(2, "route_version", BackupReply::routeVersion)
          .uint32(3, "last_incarnation", BackupReply::lastIncarnation)
          .uint32(4, "last_namespace", BackupReply::lastNamespace)
          .uint64(5, "floor_epoch", BackupReply::floorEpoch)
          .uint64(6, "floor_number", BackupReply::floorNumber)
          .list(7, "namespaces", Namespace.SCHEMA, BackupReply::namespaces)
          .list(8, "sections", SavedSection.SCHEMA, BackupReply::sections)
          .build(
              v ->
                  new BackupReply(
                      v.string(1),
                      v.int64(2),
                      v.int32(3),
                      v.int32(4),
                      v.int64(5),
                      v.int64(6),
                      v.list(7),
                      v.list(8)));
}
