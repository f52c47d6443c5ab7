package dev.ratchet.store.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Store nodes of different versions beside each other. */
class LogFormatTest {
  private static final LogFormat OLD = new LogFormat(1, 1, 1);
  private static final LogFormat BRIDGE = new LogFormat(1, 1, 2);
  private static final LogFormat NEW = new LogFormat(2, 1, 2);
  private static final LogFormat NEWEST = new LogFormat(3, 3, 3);

  @Test
  void thoseThatReadEachOtherShareALog() {
    assertNull(OLD.conflict("a", "b", OLD));
    assertNull(OLD.conflict("a", "b", BRIDGE));
    assertNull(BRIDGE.conflict("a", "b", OLD));
    assertNull(BRIDGE.conflict("a", "b", NEW));
    assertNull(NEW.conflict("a", "b", BRIDGE));
    assertNull(LogFormat.own().conflict("a", "b", LogFormat.own()));
  }

  @Test
  void theOneThatCantReadIsUpgradedFirst() {
    assertConflict("first upgrade 'a' to a version of Ratchet that reads format 2", OLD, NEW);
    assertConflict("first upgrade 'b' to a version of Ratchet that reads format 2", NEW, OLD);
    assertConflict("first upgrade 'b' to a version of Ratchet that reads format 3", NEWEST, NEW);
    assertConflict("first upgrade 'a' to a version of Ratchet that reads format 3", NEW, NEWEST);
  }

  private static void assertConflict(String order, LogFormat a, LogFormat b) {
    String conflict = a.conflict("a", "b", b);
    assertNotNull(conflict);
    assertTrue(conflict.contains(order), conflict);
    assertTrue(conflict.contains("'a' writes log format " + a.writes()), conflict);
    assertTrue(conflict.contains("'b' writes " + b.writes()), conflict);
  }

  @Test
  void anEntryOfAnotherVersionIsNotADamagedOne() {
    UnknownVersionException unknown =
        assertThrows(UnknownVersionException.class, () -> EntryCodec.decode(entry(9)));
    assertTrue(String.valueOf(unknown.getMessage()).contains("log format 9"), unknown.getMessage());
    byte[] damaged = entry(9);
    damaged[0] = 8;
    UndecodableEntryException broken =
        assertThrows(UndecodableEntryException.class, () -> EntryCodec.decode(damaged));
    assertEquals(UndecodableEntryException.class, broken.getClass());
  }

  /** A whole entry of a version. */
  static byte[] entry(int version) {
    byte[] body = {(byte) version, 99, 1, 2, 3};
    CRC32C crc = new CRC32C();
    crc.update(body);
    String hex = HexFormat.of().formatHex(body) + String.format("%08x", crc.getValue());
    return HexFormat.of().parseHex(hex);
  }
}
