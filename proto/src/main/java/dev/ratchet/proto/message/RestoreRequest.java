package dev.ratchet.proto.message;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * A step of a restore.
 *
 * @param token the admin token
 * @param step 1 begins, 2 brings sections back, 3 ends
 * @param id random number of the restore, the same in all its steps
 * @param jump begin: numbers to lift every ceiling by
 * @param routeVersion begin: of the backup
 * @param lastIncarnation begin: of the backup
 * @param lastNamespace begin: of the backup
 * @param floorEpoch begin: of the backup
 * @param floorNumber begin: of the backup
 * @param namespaces begin: of the backup
 * @param namespaceId sections: their namespace
 * @param first sections: the first
 * @param sections sections: each in turn
 */
public record RestoreRequest(
    String token,
    int step,
    long id,
    long jump,
    long routeVersion,
    int lastIncarnation,
    int lastNamespace,
    long floorEpoch,
    long floorNumber,
    List<Namespace> namespaces,
    int namespaceId,
    int first,
    List<SavedSection> sections)
    implements AdminRequest {
  public static final MessageSchema<RestoreRequest> SCHEMA =
      MessageSchema.of(RestoreRequest.class)
          .string(1, "token", RestoreRequest::token)
          .uint32(2, "step", RestoreRequest::step)
          .fixed64(3, "id", RestoreRequest::id)
          .uint64(4, "jump", RestoreRequest::jump)
          .uint64(5, "route_version", RestoreRequest::routeVersion)
          .uint32(6, "last_incarnation", RestoreRequest::lastIncarnation)
          .uint32(7, "last_namespace", RestoreRequest::lastNamespace)
          .uint64(8, "floor_epoch", RestoreRequest::floorEpoch)
          .uint64(9, "floor_number", RestoreRequest::floorNumber)
          .list(10, "namespaces", Namespace.SCHEMA, RestoreRequest::namespaces)
          .uint32(11, "namespace_id", RestoreRequest::namespaceId)
          .uint32(12, "first", RestoreRequest::first)
          .list(13, "sections", SavedSection.SCHEMA, RestoreRequest::sections)
          .build(
              v ->
                  new RestoreRequest(
                      v.string(1),
                      v.int32(2),
                      v.int64(3),
                      v.int64(4),
                      v.int64(5),
                      v.int32(6),
                      v.int32(7),
                      v.int64(8),
                      v.int64(9),
                      v.list(10),
                      v.int32(11),
                      v.int32(12),
                      v.list(13)));

  @Override
  public String toString() {
    return "RestoreRequest[token="
        + HIDDEN
        + ", step="
        + step
        + ", id="
        + id
        + ", jump="
        + jump
        + ", routeVersion="
        + routeVersion
        + ", lastIncarnation="
        + lastIncarnation
        + ", lastNamespace="
        + lastNamespace
        + ", floorEpoch="
        + floorEpoch
        + ", floorNumber="
        + floorNumber
        + ", namespaces="
        + namespaces
        + ", namespaceId="
        + namespaceId
        + ", first="
        + first
        + ", sections="
        + sections
        + "]";
  }
}
