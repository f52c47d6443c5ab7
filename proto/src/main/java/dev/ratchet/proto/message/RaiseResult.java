package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * Outcome of one raise.
 *
 * @param error 0, or the number of an {@link dev.ratchet.proto.ErrorCode}
 * @param epoch the section's epoch now
 * @param maxSeq the section's maxSeq now
 */
public record RaiseResult(int error, long epoch, long maxSeq) {
  public static final MessageSchema<RaiseResult> SCHEMA =
      MessageSchema.of(RaiseResult.class)
          .uint32(1, "error", RaiseResult::error)
          .uint64(2, "epoch", RaiseResult::epoch)
          .uint64(3, "max_seq", RaiseResult::maxSeq)
          .build(v -> new RaiseResult(v.int32(1), v.int64(2), v.int64(3)));
}
