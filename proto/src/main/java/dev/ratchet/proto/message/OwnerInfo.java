package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * A living allocation node.
 *
 * @param incarnation its lease's number
 * @param node node id
 * @param zone zone
 * @param host host of its native port
 * @param port native port
 * @param leaving it gives its sections back and takes no others on
 * @param suspect its connection to the store broke and it was not heard of since: sections of
 *     strict namespaces go to others at once
 */
public record OwnerInfo(
    int incarnation,
    String node,
    String zone,
    String host,
    int port,
    boolean leaving,
    boolean suspect) {
  public static final MessageSchema<OwnerInfo> SCHEMA =
      MessageSchema.of(OwnerInfo.class)
          .uint32(1, "incarnation", OwnerInfo::incarnation)
          .string(2, "node", OwnerInfo::node)
          .string(3, "zone", OwnerInfo::zone)
          .string(4, "host", OwnerInfo::host)
          .uint32(5, "port", OwnerInfo::port)
          .bool(6, "leaving", OwnerInfo::leaving)
          .bool(7, "suspect", OwnerInfo::suspect)
          .build(
              v ->
                  new OwnerInfo(
                      v.int32(1),
                      v.string(2),
                      v.string(3),
                      v.string(4),
                      v.int32(5),
                      v.bool(6),
                      v.bool(7)));

  /** A node that stays. */
  public OwnerInfo(int incarnation, String node, String zone, String host, int port) {
    this(incarnation, node, zone, host, port, false, false);
  }
}
