package dev.ratchet.proto.message;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * First block of a backup file.
 *
 * @param cluster cluster id
 * @param writtenBy version of Ratchet that wrote it
 * @param beganMillis when the backup began, in milliseconds since 1970 UTC
 * @param routeVersion version of the route table
 * @param lastIncarnation incarnation given out last
 * @param lastNamespace namespace id given out last
 * @param floorEpoch epoch above which sections never granted begin
 * @param floorNumber number above which sections never granted begin
 * @param namespaces all namespaces, by id
 */
public record BackupHead(
    String cluster,
    String writtenBy,
    long beganMillis,
    long routeVersion,
    int lastIncarnation,
    int lastNamespace,
    long floorEpoch,
    long floorNumber,
    List<Namespace> namespaces) {
  public static final MessageSchema<BackupHead> SCHEMA =
      MessageSchema.of(BackupHead.class)
          .string(1, "cluster", BackupHead::cluster)
          .string(2, "written_by", BackupHead::writtenBy)
          .uint64(3, "began_millis", BackupHead::beganMillis)
          .uint64(4, "route_version", BackupHead::routeVersion)
          .uint32(5, "last_incarnation", BackupHead::lastIncarnation)
          .uint32(6, "last_namespace", BackupHead::lastNamespace)
          .uint64(7, "floor_epoch", BackupHead::floorEpoch)
          .uint64(8, "floor_number", BackupHead::floorNumber)
          .list(9, "namespaces", Namespace.SCHEMA, BackupHead::namespaces)
          .build(
              v ->
                  new BackupHead(
                      v.string(1),
                      v.string(2),
                      v.int64(3),
                      v.int64(4),
                      v.int32(5),
                      v.int32(6),
                      v.int64(7),
                      v.int64(8),
                      v.list(9)));
}
