package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * A barrier: confirms by one committed entry that sections are still the caller's.
 *
 * @param incarnation the lease
 * @param sections the sections, each under the epoch of the caller's grant
 */
public record ConfirmRequest(int incarnation, List<SectionEpoch> sections) {
  public static final MessageSchema<ConfirmRequest> SCHEMA =
      MessageSchema.of(ConfirmRequest.class)
          .uint32(1, "incarnation", ConfirmRequest::incarnation)
          .list(2, "sections", SectionEpoch.SCHEMA, ConfirmRequest::sections)
          .build(v -> new ConfirmRequest(v.int32(1), v.list(2)));
}
