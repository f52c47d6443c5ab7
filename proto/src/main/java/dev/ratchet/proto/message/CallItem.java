package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * One key of a {@link CallRequest}, by name.
 *
 * @param namespace namespace name
 * @param key the key as the caller writes it: decimal digits for a uid namespace
 * @param count how many numbers to take; 0 asks for the last one issued
 */
@SuppressWarnings(
    "ArrayRecordComponent") // messages are compared by nobody; the array is never changed
public record CallItem(String namespace, byte[] key, int count) {
  public static final MessageSchema<CallItem> SCHEMA =
      MessageSchema.of(CallItem.class)
          .string(1, "namespace", CallItem::namespace)
          .bytes(2, "key", CallItem::key)
          .uint32(3, "count", CallItem::count)
          .build(v -> new CallItem(v.string(1), v.bytes(2), v.int32(3)));
}
