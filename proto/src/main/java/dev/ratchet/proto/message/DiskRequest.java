package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * A store node asks another one what that knows of its disk.
 *
 * @param cluster cluster id of the asker
 * @param node node id of the asker
 * @param disk disk id of the asker's data folder
 * @param logWrites log format that the asker writes
 * @param logReadsFrom oldest log format that it reads
 * @param logReadsTo newest log format that it reads
 */
public record DiskRequest(
    String cluster, String node, String disk, int logWrites, int logReadsFrom, int logReadsTo) {
  public static final MessageSchema<DiskRequest> SCHEMA =
      MessageSchema.of(DiskRequest.class)
          .string(1, "cluster", DiskRequest::cluster)
          .string(2, "node", DiskRequest::node)
          .string(3, "disk", DiskRequest::disk)
          .uint32(4, "log_writes", DiskRequest::logWrites)
          .uint32(5, "log_reads_from", DiskRequest::logReadsFrom)
          .uint32(6, "log_reads_to", DiskRequest::logReadsTo)
          .build(
              v ->
                  new DiskRequest(
                      v.string(1), v.string(2), v.string(3), v.int32(4), v.int32(5), v.int32(6)));
}
