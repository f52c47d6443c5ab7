package dev.ratchet.proto.wire;

import java.io.ByteArrayOutputStream;

/** Writes protobuf by hand, right or wrong. */
final class Bytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Bytes varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
    return this;
  }

  Bytes tag(int field, int wireType) {
    return varint(((long) field << 3) | wireType);
  }

  Bytes varintField(int field, long value) {
    return tag(field, 0).varint(value);
  }

  Bytes lengthField(int field, byte[] value) {
    return tag(field, 2).varint(value.length).raw(value);
  }

  Bytes raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
