package dev.ratchet.store.rocks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.store.HaltRecorder;
import dev.ratchet.store.state.StateTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RocksTableTest {
  @TempDir private Path folder;
  private final HaltRecorder halts = new HaltRecorder();

  private RocksTable open(String name) throws IOException {
    return RocksTable.open(folder.resolve(name), halts);
  }

  @Test
  void writerSeesItsWritesAtOnceAndOthersAtCommit() throws IOException {
    try (RocksTable table = open("t")) {
      table.put(bytes("a"), bytes("1"));
      assertArrayEquals(bytes("1"), table.get(bytes("a")));
      assertNull(table.committed().get(bytes("a")));
      table.commit();
      assertArrayEquals(bytes("1"), table.committed().get(bytes("a")));
      table.delete(bytes("a"));
      assertNull(table.get(bytes("a")));
      assertArrayEquals(bytes("1"), table.committed().get(bytes("a")));
      table.commit();
      assertNull(table.committed().get(bytes("a")));
    }
  }

  @Test
  void scanMergesCommittedAndPendingInOrder() throws IOException {
    try (RocksTable table = open("t")) {
      table.put(bytes("s1"), bytes("old"));
      table.put(bytes("s3"), bytes("3"));
      table.put(bytes("t"), bytes("other"));
      table.commit();
      table.put(bytes("s1"), bytes("new"));
      table.put(bytes("s2"), bytes("2"));
      table.delete(bytes("s3"));
      assertEquals(List.of("s1=new", "s2=2"), scan(table, "s"));
      assertEquals(List.of("s1=old", "s3=3"), scan(table.committed(), "s"));
    }
  }

  @Test
  void keysAreOrderedAsUnsignedBytes() throws IOException {
    try (RocksTable table = open("t")) {
      table.put(new byte[] {1, (byte) 0x80}, bytes("high"));
      table.put(new byte[] {1, 0x7f}, bytes("low"));
      List<String> seen = new ArrayList<>();
      table.scan(new byte[] {1}, (key, value) -> seen.add(new String(value, UTF_8)));
      assertEquals(List.of("low", "high"), seen);
    }
  }

  @Test
  void openThrowsAwayWhatWasThere() throws IOException {
    try (RocksTable table = open("t")) {
      table.put(bytes("a"), bytes("1"));
      table.commit();
    }
    try (RocksTable table = open("t")) {
      assertNull(table.get(bytes("a")));
    }
  }

  @Test
  void loadedCopyIsEqualAndLeavesTheSavedFilesAsTheyAre() throws IOException {
    Path saved = Files.createDirectories(folder.resolve("saved"));
    try (RocksTable table = open("a")) {
      for (int i = 0; i < 1_000; i++) {
        table.put(bytes("k" + i), bytes("v" + i));
      }
      table.commit();
      table.put(bytes("uncommitted"), bytes("x"));
      table.saveTo(saved);
    }
    Map<String, Long> before = sizes(saved);
    try (RocksTable table = open("b")) {
      table.put(bytes("stale"), bytes("x"));
      table.commit();
      table.put(bytes("pending"), bytes("x"));
      table.loadFrom(saved);
      assertEquals(1_000, scan(table, "k").size());
      assertNull(table.get(bytes("stale")));
      assertNull(table.get(bytes("pending")));
      assertNull(table.get(bytes("uncommitted")));
      for (int i = 0; i < 1_000; i++) {
        table.delete(bytes("k" + i));
      }
      table.commit();
      table.saveTo(Files.createDirectories(folder.resolve("saved-2")));
    }
    assertEquals(before, sizes(saved));
    try (RocksTable table = open("c")) {
      table.loadFrom(saved);
      assertEquals(1_000, scan(table.committed(), "k").size());
    }
  }

  @Test
  void anIncompleteCopyIsNotLoaded() throws IOException {
    Path saved = Files.createDirectories(folder.resolve("saved"));
    try (RocksTable table = open("a")) {
      table.put(bytes("k"), bytes("v"));
      table.commit();
      table.saveTo(saved);
      Files.delete(saved.resolve("CURRENT"));
    }
    try (RocksTable table = open("b")) {
      assertThrows(IOException.class, () -> table.loadFrom(saved));
    }
  }

  @Test
  void closedItRefusesReads() throws IOException {
    RocksTable table = open("t");
    table.close();
    table.close();
    assertThrows(IllegalStateException.class, () -> table.committed().get(bytes("a")));
    assertTrue(halts.reasons().isEmpty());
  }

  private static List<String> scan(StateTable table, String prefix) {
    List<String> seen = new ArrayList<>();
    table.scan(
        bytes(prefix),
        (key, value) -> seen.add(new String(key, UTF_8) + "=" + new String(value, UTF_8)));
    return seen;
  }

  private static Map<String, Long> sizes(Path saved) throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    try (var files = Files.list(saved)) {
      for (Path file : files.toList()) {
        sizes.put(String.valueOf(file.getFileName()), Files.size(file));
      }
    }
    return sizes;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
