package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * The store is not behind, but for these.
 *
 * @param halted sections that the store has halted, at these epochs
 */
public record WitnessReply(List<SectionEpoch> halted) {
  public static final MessageSchema<WitnessReply> SCHEMA =
      MessageSchema.of(WitnessReply.class)
          .list(1, "halted", SectionEpoch.SCHEMA, WitnessReply::halted)
          .build(v -> new WitnessReply(v.list(1)));
}
