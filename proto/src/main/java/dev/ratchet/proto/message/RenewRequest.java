package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * Renews the lease of an incarnation by a committed entry.
 *
 * @param incarnation the lease
 * @param leaving the node is going away: from this renewal on it is granted nothing more
 * @param witness some of what the node saw committed, other sections each time
 */
public record RenewRequest(int incarnation, boolean leaving, List<WitnessItem> witness) {
  public static final MessageSchema<RenewRequest> SCHEMA =
      MessageSchema.of(RenewRequest.class)
          .uint32(1, "incarnation", RenewRequest::incarnation)
          .bool(2, "leaving", RenewRequest::leaving)
          .list(3, "witness", WitnessItem.SCHEMA, RenewRequest::witness)
          .build(v -> new RenewRequest(v.int32(1), v.bool(2), v.list(3)));

  /** A renewal of a node that stays. */
  public RenewRequest(int incarnation) {
    this(incarnation, false, List.of());
  }
}
