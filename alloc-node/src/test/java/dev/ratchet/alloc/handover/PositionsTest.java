package dev.ratchet.alloc.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.alloc.section.CounterMemory;
import dev.ratchet.alloc.section.Section;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class PositionsTest {
  private static final Namespace STRING = Namespace.string("s", 1, 1L << 32).withId(1);
  private static final Namespace UID = Namespace.uid("u", 9_999, 1_000, 1L << 32).withId(2);

  private static Section section(Namespace namespace, int index, long base, long maxSeq) {
    return Section.granted(namespace, index, 4, base, maxSeq, new CounterMemory(1 << 26));
  }

  private static Map<Long, Long> positions(Section section) {
    Map<Long, Long> seen = new HashMap<>();
    section.positions(seen::put);
    return seen;
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @Property(tries = 300)
  void whatOneOwnerLeavesTheNextGoesOnFrom(
      @ForAll @Size(max = 50) Map<Long, @LongRange(min = 1, max = 1L << 40) Long> last,
      @ForAll @LongRange(min = 0, max = 1L << 61) long base) {
    long maxSeq = base + (1L << 41);
    Section old = section(STRING, 0, base, maxSeq);
    last.forEach((key, distance) -> old.load(key, base + distance));
    old.stop();
    Section next = section(STRING, 0, base, maxSeq);
    for (byte[] chunk : Positions.encode(old)) {
      Positions.load(chunk, base, next);
    }
    assertEquals(positions(old), positions(next));
    last.forEach((key, distance) -> assertEquals(base + distance + 1, next.take(key, 1)));
  }

  @Example
  void theHashZeroIsHandedOver() {
    Namespace many = Namespace.string("m", 7, 100).withId(3);
    Section old = section(many, 0, 0, 100);
    old.take(0, 5);
    Section next = section(many, 0, 0, 100);
    Positions.load(Positions.encode(old).get(0), 0, next);
    assertEquals(6, next.take(0, 1));
  }

  @Example
  void manyPositionsFillSeveralChunksEachCompleteInItself() {
    Section old = section(STRING, 0, 0, 1L << 40);
    for (long key = 0; key < 40_000; key++) {
      old.load(key * 0x9E3779B97F4A7C15L, key + 1);
    }
    List<byte[]> chunks = Positions.encode(old);
    assertTrue(chunks.size() > 2);
    chunks.forEach(chunk -> assertTrue(chunk.length <= Limits.MAX_HANDOVER_CHUNK));
    Section next = section(STRING, 0, 0, 1L << 40);
    for (int i = chunks.size() - 1; i >= 0; i--) {
      Positions.load(chunks.get(i), 0, next);
    }
    assertEquals(positions(old), positions(next));
  }

  @Example
  void aSectionNobodyUsedLeavesNoChunk() {
    assertEquals(List.of(), Positions.encode(section(UID, 3, 50, 100)));
  }

  /** Numbers are distances above the base of the grant, not above one raised meanwhile. */
  @Example
  void numbersStayTheSameWhenLoadingRunsOutOfMemory() {
    long base = 1_000;
    Section old = section(STRING, 0, base, 2_000);
    for (long key = 1; key <= 500; key++) {
      old.load(key, base + key);
    }
    List<byte[]> chunks = Positions.encode(old);
    Section next = Section.granted(STRING, 0, 5, base, 2_000, new CounterMemory(2_000));
    chunks.forEach(chunk -> Positions.load(chunk, base, next));
    assertTrue(next.base() > base, "keys were evicted");
    for (long key = 1; key <= 500; key++) {
      long issued = base + key;
      assertTrue(next.last(key) >= issued, "key " + key);
      assertTrue(next.last(key) == issued || next.last(key) == next.base(), "key " + key);
    }
  }

  @Property(tries = 2_000)
  void garbageIsRefusedOrLoadsOnlyWhatASectionMayHold(@ForAll @Size(max = 40) byte[] garbage) {
    Section section = section(UID, 3, 100, 1_000);
    try {
      Positions.load(garbage, 100, section);
      assertTrue(garbage.length > 0);
    } catch (RatchetException e) {
      assertEquals(ErrorCode.PROTOCOL_ERROR, e.code());
    }
    positions(section)
        .forEach(
            (key, last) -> {
              assertEquals(3, UID.sectionOf(key));
              assertTrue(last > 100 && last <= 1_000);
            });
  }

  private static void assertRefused(Section section, long base, byte[] chunk) {
    RatchetException refusal =
        assertThrows(RatchetException.class, () -> Positions.load(chunk, base, section));
    assertEquals(ErrorCode.PROTOCOL_ERROR, refusal.code());
  }

  @Example
  void whatCanNotBeIsRefused() {
    Section section = section(UID, 0, 100, 200);
    assertRefused(section, 100, bytes());
    assertRefused(section, 100, bytes(1));
    assertRefused(section, 100, bytes(1, 0x80));
    assertRefused(section, 100, bytes(1, 0));
    assertRefused(section, 100, bytes(1, 101));
    assertRefused(section, 100, bytes(1, 5, 0, 5));
    assertRefused(section, 100, bytes(0x80 | (2_000 & 0x7F), 2_000 >> 7, 5));
    int[] tooLong = {1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 127};
    assertRefused(section, 100, bytes(tooLong));
    int[] negative = {1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1};
    assertRefused(section, 100, bytes(negative));
    Positions.load(bytes(1, 100, 1, 5), 100, section);
    assertEquals(Map.of(1L, 200L, 2L, 105L), positions(section));
  }

  @Example
  void outOfMemoryIsSaidAsSuch() {
    Section section = Section.granted(UID, 0, 4, 0, 100, new CounterMemory(10));
    RatchetException refusal =
        assertThrows(RatchetException.class, () -> Positions.load(bytes(1, 5), 0, section));
    assertEquals(ErrorCode.OVERLOADED, refusal.code());
  }
}
