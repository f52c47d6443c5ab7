package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * Grants since the version asked for.
 *
 * @param version route version up to which these are complete
 * @param grants the grants
 */
public record GrantsReply(long version, List<Grant> grants) {
  public static final MessageSchema<GrantsReply> SCHEMA =
      MessageSchema.of(GrantsReply.class)
          .uint64(1, "version", GrantsReply::version)
          .list(2, "grants", Grant.SCHEMA, GrantsReply::grants)
          .build(v -> new GrantsReply(v.int64(1), v.list(2)));
}
