package dev.ratchet.proto.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceTest {
  private static final Namespace USERS = Namespace.uid("users", 999, 100, 10);

  @ParameterizedTest
  @ValueSource(strings = {"a", "A.b_c-9", "..", "0"})
  void namesThatAreFine(String name) {
    assertTrue(Namespace.isValidName(name));
    assertDoesNotThrow(() -> Namespace.uid(name).validate());
    assertDoesNotThrow(() -> Namespace.string(name).validate());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:b", "ä", "a\n", "a/b", "\u0661"})
  void namesThatAreNot(String name) {
    assertFalse(Namespace.isValidName(name));
    assertInvalid("name", Namespace.string(name));
  }

  @Test
  void namesHaveALimit() {
    assertTrue(Namespace.isValidName("x".repeat(Limits.MAX_NAMESPACE_NAME)));
    assertFalse(Namespace.isValidName("x".repeat(Limits.MAX_NAMESPACE_NAME + 1)));
  }

  @Test
  void defaultsHoldAllUserIdsBelow2To32() {
    Namespace users = Namespace.uid("users");
    users.validate();
    assertEquals(42_950, users.sectionCount());
    assertEquals(42_949, users.sectionOf((1L << 32) - 1));
    Namespace.string("things").validate();
  }

  @Test
  void eachWrongFieldIsNamed() {
    assertInvalid("step", Namespace.string("n", 1, 0));
    assertInvalid("step", Namespace.string("n", 1, Limits.MAX_STEP + 1));
    assertInvalid("sections", Namespace.string("n", 0, 1));
    assertInvalid("sections", Namespace.string("n", Limits.MAX_SECTIONS + 1, 1));
    assertInvalid("section size", Namespace.uid("n", 10, 0, 1));
    assertInvalid("section size", Namespace.uid("n", 10, -5, 1));
    assertInvalid("max uid", Namespace.uid("n", -1, 10, 1));
    assertInvalid("max uid", new Namespace(0, "n", NamespaceKind.UID, 10, 5, 99, 1, false));
    assertInvalid("section size", new Namespace(0, "n", NamespaceKind.STRING, 10, 5, 0, 1, false));
    assertInvalid("section size", new Namespace(0, "n", NamespaceKind.STRING, 0, 5, 99, 1, false));
    assertInvalid("name", new Namespace(0, "", NamespaceKind.UID, 0, 0, 0, 0, false));
    assertInvalid("sections", Namespace.uid("n", Long.MAX_VALUE, 1, 1));
  }

  @Property
  void aUidNamespaceOfAnySizeIsValidOrTooLarge(
      @ForAll @LongRange(min = 0) long maxUid, @ForAll @LongRange(min = 1) long sectionSize) {
    Namespace namespace = Namespace.uid("n", maxUid, sectionSize, 1);
    if (maxUid / sectionSize < Limits.MAX_SECTIONS) {
      namespace.validate();
      assertEquals(namespace.sectionCount() - 1, namespace.sectionOf(maxUid));
    } else {
      assertInvalid("sections", namespace);
    }
  }

  @Property
  void everyUidFallsInItsOwnRange(
      @ForAll @LongRange(min = 1, max = 1_000_000) long sectionSize,
      @ForAll @LongRange(min = 0, max = 1_000_000_000) long uid) {
    Namespace namespace = Namespace.uid("n", 1_000_000_000, sectionSize, 1);
    int section = namespace.sectionOf(uid);
    assertTrue(section >= 0 && section < namespace.sectionCount());
    assertTrue(uid >= section * sectionSize && uid < (section + 1L) * sectionSize);
  }

  @Property
  void everyHashFallsInASection(
      @ForAll long hash, @ForAll @IntRange(min = 1, max = Limits.MAX_SECTIONS) int sections) {
    int section = Namespace.string("n", sections, 1).sectionOf(hash);
    assertTrue(section >= 0 && section < sections);
  }

  @Property
  void decimalDigitsAreTheUid(@ForAll @LongRange(min = 0) long uid) {
    Namespace all = Namespace.uid("n", Long.MAX_VALUE, 1L << 44, 1);
    all.validate();
    assertEquals(uid, all.keyOf(Long.toString(uid).getBytes(UTF_8)));
  }

  @Test
  void theLargestUidOfAllIsReached() {
    Namespace all = Namespace.uid("n", Long.MAX_VALUE, 1L << 44, 1);
    assertEquals(Long.MAX_VALUE, all.keyOf("9223372036854775807".getBytes(UTF_8)));
    assertInvalidKey(all, "9223372036854775808");
    assertInvalidKey(all, "18446744073709551616");
    assertInvalidKey(all, "99999999999999999999999999");
  }

  @Test
  void uidsOutsideTheNamespaceAreRefused() {
    assertEquals(999, USERS.keyOf("999".getBytes(UTF_8)));
    assertInvalidKey(USERS, "1000");
    assertTrue(USERS.contains(0) && USERS.contains(999));
    assertFalse(USERS.contains(-1) || USERS.contains(1_000));
  }

  @Test
  void leadingZerosNameTheSameUser() {
    assertEquals(7, USERS.keyOf("007".getBytes(UTF_8)));
    assertEquals(0, USERS.keyOf("000".getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "+1", " 1", "1 ", "1.0", "0x1", "abc", "1\0", "\u0661", "1:2"})
  void whatIsNoUidIsRefused(String key) {
    assertInvalidKey(USERS, key);
  }

  @Test
  void keysOfEitherKindHaveALimit() {
    Namespace things = Namespace.string("things");
    assertDoesNotThrow(() -> things.keyOf(new byte[Limits.MAX_KEY_BYTES]));
    assertInvalidKey(things, "x".repeat(Limits.MAX_KEY_BYTES + 1));
    assertEquals(7, USERS.keyOf(("0".repeat(Limits.MAX_KEY_BYTES - 1) + "7").getBytes(UTF_8)));
    assertInvalidKey(USERS, "0".repeat(Limits.MAX_KEY_BYTES) + "7");
    assertInvalidKey(things, "");
  }

  @Property
  void anyBytesAreAStringKeyAndThoseThatAreNoUidSaySo(
      @ForAll @Size(min = 1, max = Limits.MAX_KEY_BYTES) byte[] key) {
    assertEquals(XxHash64.hash(key), Namespace.string("things").keyOf(key));
    try {
      assertTrue(USERS.contains(USERS.keyOf(key)));
    } catch (RatchetException e) {
      assertEquals(ErrorCode.INVALID_KEY, e.code());
    }
  }

  private static void assertInvalid(String field, Namespace namespace) {
    RatchetException error = assertThrows(RatchetException.class, namespace::validate);
    assertEquals(ErrorCode.INVALID_ARGUMENT, error.code());
    assertTrue(
        String.valueOf(error.getMessage()).contains("; " + field),
        () -> "expected '" + field + "' in: " + error.getMessage());
  }

  private static void assertInvalidKey(Namespace namespace, String key) {
    RatchetException error =
        assertThrows(RatchetException.class, () -> namespace.keyOf(key.getBytes(UTF_8)));
    assertEquals(ErrorCode.INVALID_KEY, error.code());
    assertTrue(String.valueOf(error.getMessage()).contains(namespace.name()));
  }
}
