package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;
import java.util.List;

/**
 * Tells the store what was committed: a store that is behind has lost it, as after a restore of old
 * disks, and halts those sections.
 *
 * @param items what the caller saw
 */
public record WitnessRequest(List<WitnessItem> items) {
  public static final MessageSchema<WitnessRequest> SCHEMA =
      MessageSchema.of(WitnessRequest.class)
          .list(1, "items", WitnessItem.SCHEMA, WitnessRequest::items)
          .build(v -> new WitnessRequest(v.list(1)));
}
