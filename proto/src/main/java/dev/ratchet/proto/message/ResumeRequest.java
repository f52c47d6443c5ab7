package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * Lets halted sections be granted again, above all that can have been issued; others are left
 * alone.
 *
 * @param token the admin token
 * @param namespace name of the namespace
 * @param first first section
 * @param count number of sections
 * @param jump numbers to skip above the highest that any node saw
 */
public record ResumeRequest(String token, String namespace, int first, int count, long jump)
    implements AdminRequest {
  public static final MessageSchema<ResumeRequest> SCHEMA =
      MessageSchema.of(ResumeRequest.class)
          .string(1, "token", ResumeRequest::token)
          .string(2, "namespace", ResumeRequest::namespace)
          .uint32(3, "first", ResumeRequest::first)
          .uint32(4, "count", ResumeRequest::count)
          .uint64(5, "jump", ResumeRequest::jump)
          .build(
              v -> new ResumeRequest(v.string(1), v.string(2), v.int32(3), v.int32(4), v.int64(5)));

  @Override
  public String toString() {
    return "ResumeRequest[token="
        + HIDDEN
        + ", namespace="
        + namespace
        + ", first="
        + first
        + ", count="
        + count
        + ", jump="
        + jump
        + "]";
  }
}
