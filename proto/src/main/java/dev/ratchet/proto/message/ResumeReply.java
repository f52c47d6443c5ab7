package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * What became of the sections that were halted.
 *
 * @param resumed sections that may be granted again
 * @param exhausted sections that stay halted, since the jump ends past the last number
 */
public record ResumeReply(int resumed, int exhausted) {
  public static final MessageSchema<ResumeReply> SCHEMA =
      MessageSchema.of(ResumeReply.class)
          .uint32(1, "resumed", ResumeReply::resumed)
          .uint32(2, "exhausted", ResumeReply::exhausted)
          .build(v -> new ResumeReply(v.int32(1), v.int32(2)));
}
