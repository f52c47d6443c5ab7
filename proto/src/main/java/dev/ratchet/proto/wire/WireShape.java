package dev.ratchet.proto.wire;

/**
 * Checks that bytes are laid out as a schema says, before they are read: Protostuff's reader
 * believes every length, follows groups without end and reads a known field by its declared type
 * whatever its wire type is. After this check a read allocates no more than the bytes it is given,
 * and nests no deeper than the schema. Groups, which proto3 has not, are refused.
 */
final class WireShape {
  private WireShape() {}

  /** Throws {@link IllegalArgumentException} that says where the bytes go wrong. */
  static void check(byte[] bytes, Adapters.Reader message) {
    check(new WireReader(bytes), message);
  }

  private static void check(WireReader in, Adapters.Reader message) {
    while (in.hasMore()) {
      int tag = in.tag();
      Field<?> field = message.field(tag >>> 3);
      if (field != null && field.wireType() != (tag & 7)) {
        throw in.wrong("field " + field.name() + " has wire type " + (tag & 7));
      }
      if (field != null && field.element() != null) {
        int outer = in.enter();
        check(in, field.element());
        in.leave(outer);
      } else {
        in.skip(tag);
      }
    }
  }
}
