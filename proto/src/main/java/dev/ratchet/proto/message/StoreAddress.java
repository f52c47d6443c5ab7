package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * Where a store node is called.
 *
 * @param address `HOST:PORT`
 */
public record StoreAddress(String address) {
  public static final MessageSchema<StoreAddress> SCHEMA =
      MessageSchema.of(StoreAddress.class)
          .string(1, "address", StoreAddress::address)
          .build(v -> new StoreAddress(v.string(1)));
}
