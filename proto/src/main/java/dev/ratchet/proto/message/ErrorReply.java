package dev.ratchet.proto.message;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.wire.MessageSchema;

/**
 * The body of an error frame.
 *
 * @param code number of an {@link ErrorCode}
 * @param message what happened, where, and what to do
 * @param hint machine-readable help, such as the leader's address; may be empty
 */
public record ErrorReply(int code, String message, String hint) {
  public static final MessageSchema<ErrorReply> SCHEMA =
      MessageSchema.of(ErrorReply.class)
          .uint32(1, "code", ErrorReply::code)
          .string(2, "message", ErrorReply::message)
          .string(3, "hint", ErrorReply::hint)
          .build(v -> new ErrorReply(v.int32(1), v.string(2), v.string(3)));

  /** The reply that tells of an error. */
  public static ErrorReply of(RatchetException error) {
    String message = error.getMessage();
    return new ErrorReply(error.code().number(), message == null ? "" : message, error.hint());
  }

  /** The error told of. */
  public RatchetException toException() {
    return new RatchetException(ErrorCode.of(code), message, hint);
  }
}
