package dev.ratchet.proto.key;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * XXH64 with seed 0, from the public specification (xxhash_spec.md, "XXH64 algorithm description").
 * It is part of the protocol: every client must find the same section for a key. Stateless.
 */
public final class XxHash64 {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long P1 = 0x9E3779B185EBCA87L;
  private static final long P2 = 0xC2B2AE3D27D4EB4FL;
  private static final long P3 = 0x165667B19E3779F9L;
  private static final long P4 = 0x85EBCA77C2B2AE63L;
  private static final long P5 = 0x27D4EB2F165667C5L;

  private XxHash64() {}

  /** The hash of all the bytes. */
  public static long hash(byte[] input) {
    return hash(input, 0, input.length);
  }

  /** The hash of the bytes from {@code from} to before {@code end}. */
  static long hash(byte[] input, int from, int end) {
    int at = from;
    long hash = P5;
    if (end - from >= 32) {
      long a = 0x60EA27EEADC0B5D6L; // P1 + P2, which overflows as it should
      long b = P2;
      long c = 0;
      long d = -P1;
      for (; at <= end - 32; at += 32) {
        a = round(a, (long) LONGS.get(input, at));
        b = round(b, (long) LONGS.get(input, at + 8));
        c = round(c, (long) LONGS.get(input, at + 16));
        d = round(d, (long) LONGS.get(input, at + 24));
      }
      hash =
          Long.rotateLeft(a, 1)
              + Long.rotateLeft(b, 7)
              + Long.rotateLeft(c, 12)
              + Long.rotateLeft(d, 18);
      hash = merge(merge(merge(merge(hash, a), b), c), d);
    }
    return avalanche(tail(input, at, end, hash + (end - from)));
  }

  private static long tail(byte[] input, int from, int end, long start) {
    int at = from;
    long hash = start;
    for (; at <= end - 8; at += 8) {
      hash = Long.rotateLeft(hash ^ round(0, (long) LONGS.get(input, at)), 27) * P1 + P4;
    }
    if (at <= end - 4) {
      long word = Integer.toUnsignedLong((int) INTS.get(input, at));
      hash = Long.rotateLeft(hash ^ (word * P1), 23) * P2 + P3;
      at += 4;
    }
    for (; at < end; at++) {
      hash = Long.rotateLeft(hash ^ ((input[at] & 0xFF) * P5), 11) * P1;
    }
    return hash;
  }

  private static long round(long acc, long lane) {
    return Long.rotateLeft(acc + lane * P2, 31) * P1;
  }

  private static long merge(long hash, long acc) {
    return (hash ^ round(0, acc)) * P1 + P4;
  }

  private static long avalanche(long value) {
    long hash = value;
    hash = (hash ^ (hash >>> 33)) * P2;
    hash = (hash ^ (hash >>> 29)) * P3;
    return hash ^ (hash >>> 32);
  }
}
