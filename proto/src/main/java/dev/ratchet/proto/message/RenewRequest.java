package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * Renews the lease of an incarnation by a committed entry. What it says about load stays in the
 * leader's memory.
 *
 * @param incarnation the lease
 * @param leaving the node is going away: from this renewal on it is granted nothing more
 * @param measurement number of the measurement of load that follows, from 1; 0 for none
 * @param rate calls a second that took numbers, of all sections
 * @param busiest the busiest sections, the busiest first
 * @param witness some of what the node saw committed, other sections each time
 */
public record RenewRequest(
    int incarnation,
    boolean leaving,
    int measurement,
    long rate,
    List<SectionRate> busiest,
    List<WitnessItem> witness) {
  public static final MessageSchema<RenewRequest> SCHEMA =
      MessageSchema.of(RenewRequest.class)
          .uint32(1, "incarnation", RenewRequest::incarnation)
          .bool(2, "leaving", RenewRequest::leaving)
          .uint32(3, "measurement", RenewRequest::measurement)
          .uint64(4, "rate", RenewRequest::rate)
          .list(5, "busiest", SectionRate.SCHEMA, RenewRequest::busiest)
          .list(6, "witness", WitnessItem.SCHEMA, RenewRequest::witness)
          .build(
              v ->
                  new RenewRequest(
                      v.int32(1), v.bool(2), v.int32(3), v.int64(4), v.list(5), v.list(6)));

  /** A renewal that says nothing of load or of what was seen. */
  public RenewRequest(int incarnation, boolean leaving) {
    this(incarnation, leaving, 0, 0, List.of(), List.of());
  }

  /** A renewal of a node that stays. */
  public RenewRequest(int incarnation) {
    this(incarnation, false);
  }

  /** The same, with a measurement of load. */
  public RenewRequest withLoad(int number, long allCalls, List<SectionRate> most) {
    return new RenewRequest(incarnation, leaving, number, allCalls, most, witness);
  }

  /** The same, with some of what the node saw committed. */
  public RenewRequest withWitness(List<WitnessItem> seen) {
    return new RenewRequest(incarnation, leaving, measurement, rate, busiest, seen);
  }
}
