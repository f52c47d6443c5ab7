package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * An allocation node asks for a lease.
 *
 * @param node node id
 * @param zone zone
 * @param host host that callers reach its native port at
 * @param port native port
 * @param process random number of this life of the process: the same again is the same request
 * @param holderMillis how long the node counts its lease from before it sends a renewal
 */
public record RegisterRequest(
    String node, String zone, String host, int port, long process, int holderMillis) {
  public static final MessageSchema<RegisterRequest> SCHEMA =
      MessageSchema.of(RegisterRequest.class)
          .string(1, "node", RegisterRequest::node)
          .string(2, "zone", RegisterRequest::zone)
          .string(3, "host", RegisterRequest::host)
          .uint32(4, "port", RegisterRequest::port)
          .fixed64(5, "process", RegisterRequest::process)
          .uint32(6, "holder_millis", RegisterRequest::holderMillis)
          .build(
              v ->
                  new RegisterRequest(
                      v.string(1), v.string(2), v.string(3), v.int32(4), v.int64(5), v.int32(6)));
}
