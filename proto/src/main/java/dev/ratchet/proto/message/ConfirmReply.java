package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * All sections asked about were the caller's when the entry was applied, but for these.
 *
 * @param stale sections that are not the caller's under that epoch
 */
public record ConfirmReply(List<SectionRef> stale) {
  public static final MessageSchema<ConfirmReply> SCHEMA =
      MessageSchema.of(ConfirmReply.class)
          .list(1, "stale", SectionRef.SCHEMA, ConfirmReply::stale)
          .build(v -> new ConfirmReply(v.list(1)));
}
