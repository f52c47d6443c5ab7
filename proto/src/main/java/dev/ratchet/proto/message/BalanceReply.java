package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * Placement is free to move every section; the status shows how many are still to move.
 *
 * @param unpinned sections that were kept where they had been moved by hand
 */
public record BalanceReply(int unpinned) {
  public static final MessageSchema<BalanceReply> SCHEMA =
      MessageSchema.of(BalanceReply.class)
          .uint32(1, "unpinned", BalanceReply::unpinned)
          .build(v -> new BalanceReply(v.int32(1)));
}
