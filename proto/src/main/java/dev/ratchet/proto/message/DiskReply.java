package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * The disk of the store node asked, and what it knows of the asker's.
 *
 * @param cluster its cluster id
 * @param node its node id
 * @param disk its disk id
 * @param started whether it has ever started Raft on this disk
 * @param known the disk id it knows for the asker's node id; empty for none
 * @param logWrites log format that it writes
 * @param logReadsFrom oldest log format that it reads
 * @param logReadsTo newest log format that it reads
 */
public record DiskReply(
    String cluster,
    String node,
    String disk,
    boolean started,
    String known,
    int logWrites,
    int logReadsFrom,
    int logReadsTo) {
  public static final MessageSchema<DiskReply> SCHEMA =
      MessageSchema.of(DiskReply.class)
          .string(1, "cluster", DiskReply::cluster)
          .string(2, "node", DiskReply::node)
          .string(3, "disk", DiskReply::disk)
          .bool(4, "started", DiskReply::started)
          .string(5, "known", DiskReply::known)
          .uint32(6, "log_writes", DiskReply::logWrites)
          .uint32(7, "log_reads_from", DiskReply::logReadsFrom)
          .uint32(8, "log_reads_to", DiskReply::logReadsTo)
          .build(
              v ->
                  new DiskReply(
                      v.string(1),
                      v.string(2),
                      v.string(3),
                      v.bool(4),
                      v.string(5),
                      v.int32(6),
                      v.int32(7),
                      v.int32(8)));
}
