package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * One allocation node.
 *
 * @param node node id
 * @param zone zone
 * @param address address of its native port
 * @param incarnation its lease
 * @param leaseLeftMillis time until the store may end its lease
 * @param sections sections it owns
 * @param drained an operator wants its sections elsewhere
 */
public record AllocStatus(
    String node,
    String zone,
    String address,
    int incarnation,
    long leaseLeftMillis,
    int sections,
    boolean drained) {
  public static final MessageSchema<AllocStatus> SCHEMA =
      MessageSchema.of(AllocStatus.class)
          .string(1, "node", AllocStatus::node)
          .string(2, "zone", AllocStatus::zone)
          .string(3, "address", AllocStatus::address)
          .uint32(4, "incarnation", AllocStatus::incarnation)
          .uint64(5, "lease_left_millis", AllocStatus::leaseLeftMillis)
          .uint32(6, "sections", AllocStatus::sections)
          .bool(7, "drained", AllocStatus::drained)
          .build(
              v ->
                  new AllocStatus(
                      v.string(1),
                      v.string(2),
                      v.string(3),
                      v.int32(4),
                      v.int64(5),
                      v.int32(6),
                      v.bool(7)));
}
