package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * State of the cluster as the store's leader sees it.
 *
 * @param cluster cluster id
 * @param routeVersion version of the route table
 * @param members store nodes
 * @param allocs allocation nodes
 * @param sections sections of all namespaces
 * @param unowned sections that nobody serves
 * @param moving sections that are to change hands; 0 only when placement has looked at the newest
 *     state and is at rest
 */
public record StatusReply(
    String cluster,
    long routeVersion,
    List<MemberStatus> members,
    List<AllocStatus> allocs,
    int sections,
    int unowned,
    int moving) {
  public static final MessageSchema<StatusReply> SCHEMA =
      MessageSchema.of(StatusReply.class)
          .string(1, "cluster", StatusReply::cluster)
          .uint64(2, "route_version", StatusReply::routeVersion)
          .list(3, "members", MemberStatus.SCHEMA, StatusReply::members)
          .list(4, "allocs", AllocStatus.SCHEMA, StatusReply::allocs)
          .uint32(5, "sections", StatusReply::sections)
          .uint32(6, "unowned", StatusReply::unowned)
          .uint32(7, "moving", StatusReply::moving)
          .build(
              v ->
                  new StatusReply(
                      v.string(1),
                      v.int64(2),
                      v.list(3),
                      v.list(4),
                      v.int32(5),
                      v.int32(6),
                      v.int32(7)));
}
