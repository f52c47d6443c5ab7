package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * The answer for one key.
 *
 * @param error 0, or the number of an {@link dev.ratchet.proto.ErrorCode}
 * @param value first number taken, or for count 0 the last one issued
 * @param epoch epoch under which the number was issued
 * @param upperBound count 0 only: the value is not the exact last number but a bound at or above it
 * @param message what went wrong, empty when nothing did
 */
public record IssueResult(int error, long value, long epoch, boolean upperBound, String message) {
  public static final MessageSchema<IssueResult> SCHEMA =
      MessageSchema.of(IssueResult.class)
          .uint32(1, "error", IssueResult::error)
          .uint64(2, "value", IssueResult::value)
          .uint64(3, "epoch", IssueResult::epoch)
          .bool(4, "upper_bound", IssueResult::upperBound)
          .string(5, "message", IssueResult::message)
          .build(v -> new IssueResult(v.int32(1), v.int64(2), v.int64(3), v.bool(4), v.string(5)));
}
