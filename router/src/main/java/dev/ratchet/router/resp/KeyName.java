package dev.ratchet.router.resp;

import dev.ratchet.proto.key.XxHash64;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A key as Redis clients write it: the namespace is what stands before the first colon; without a
 * colon it is {@link #DEFAULT_NAMESPACE}.
 *
 * @param namespace name of the namespace, not yet checked
 * @param key the rest, any bytes
 */
@SuppressWarnings("ArrayRecordComponent") // compared by sameAs
record KeyName(String namespace, byte[] key) {
  static final String DEFAULT_NAMESPACE = "default";

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  static KeyName parse(byte[] word) {
    int colon = 0;
    while (colon < word.length && word[colon] != ':') {
      colon++;
    }
    return colon == word.length
        ? new KeyName(DEFAULT_NAMESPACE, word)
        : new KeyName(
            new String(word, 0, colon, StandardCharsets.UTF_8),
            Arrays.copyOfRange(word, colon + 1, word.length));
  }

  /** Whether it is written the same. */
  boolean sameAs(KeyName other) {
    return namespace.equals(other.namespace) && Arrays.equals(key, other.key);
  }

  /**
   * A number that is the same for all ways to write one key: user ids may have leading zeros. Other
   * keys may share it.
   */
  long lane() {
    int zeros = 0;
    while (zeros < key.length - 1 && key[zeros] == '0') {
      zeros++;
    }
    byte[] plain = zeros == 0 ? key : Arrays.copyOfRange(key, zeros, key.length);
    return XxHash64.hash(plain) ^ (namespace.hashCode() * GOLDEN);
  }
}
