package dev.ratchet.proto.key;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XxHash64Test {
  private static final XXHash64 INDEPENDENT = XXHashFactory.safeInstance().hash64();

  @ParameterizedTest
  @CsvSource({
    "'', ef46db3751d8e999",
    "a, d24ec4f1a98c6e5b",
    "abc, 44bc2cf5ad770999",
    "Nobody inspects the spammish repetition, fbcea83c8a378bf1",
    "The quick brown fox jumps over the lazy dog, 0b242d361fda71bc",
  })
  void publishedVectors(String text, String hash) {
    assertEquals(hash, hex(XxHash64.hash(text.getBytes(US_ASCII))));
  }

  /**
   * The vectors of the reference implementation's own sanity check, over its own byte generator.
   */
  @ParameterizedTest
  @CsvSource({
    "0, ef46db3751d8e999",
    "1, e934a84adb052768",
    "4, 9136a0dca57457ee",
    "14, 8282dcc4994e35c8",
    "222, b641ae8cb691c174",
  })
  void sanityCheckVectors(int length, String hash) {
    byte[] input = new byte[length];
    long generator = 2654435761L;
    for (int i = 0; i < length; i++) {
      input[i] = (byte) (generator >>> 56);
      generator *= 0x9E3779B185EBCA8DL;
    }
    assertEquals(hash, hex(XxHash64.hash(input)));
  }

  @Test
  void everyLengthAgreesWithAnIndependentImplementation() {
    Random random = new Random(4711);
    byte[] input = new byte[4_096];
    random.nextBytes(input);
    for (int length = 0; length <= input.length; length++) {
      byte[] prefix = Arrays.copyOf(input, length);
      assertEquals(INDEPENDENT.hash(prefix, 0, length, 0), XxHash64.hash(prefix), "at " + length);
    }
  }

  @Property
  void anyBytesAgreeWithAnIndependentImplementation(@ForAll byte[] input) {
    assertEquals(INDEPENDENT.hash(input, 0, input.length, 0), XxHash64.hash(input));
  }

  private static String hex(long hash) {
    return String.format("%016x", hash);
  }

  @Property(tries = 200)
  void aPartHashesAsItsCopyDoes(@ForAll byte[] bytes, @ForAll int from, @ForAll int end) {
    int first = Math.floorMod(from, bytes.length + 1);
    int last = first + Math.floorMod(end, bytes.length - first + 1);
    assertEquals(
        XxHash64.hash(Arrays.copyOfRange(bytes, first, last)), XxHash64.hash(bytes, first, last));
  }
}
