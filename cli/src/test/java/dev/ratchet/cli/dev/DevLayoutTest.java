package dev.ratchet.cli.dev;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevLayoutTest {
  @TempDir private Path folder;

  @Test
  void portsStayTheSameFromStartToStart() throws IOException {
    DevLayout first = DevLayout.open(folder);
    assertEquals(first, DevLayout.open(folder));
    assertEquals(8, new HashSet<>(first.ports()).size());
  }

  @Test
  void anotherFormatIsRefused() throws IOException {
    DevLayout.open(folder);
    Path file = folder.resolve("dev.yaml");
    Files.writeString(file, Files.readString(file).replace("format: 1", "format: 2"));
    assertTrue(refusal().contains("has format 2, this version of ratchet reads 1 only"));
  }

  @Test
  void dataWithoutItsPortsIsRefused() throws IOException {
    Files.createDirectories(folder.resolve("store-1"));
    assertTrue(refusal().contains("dev.yaml is missing"));
  }

  @Test
  void aLayoutWithTooFewNodesIsRefused() throws IOException {
    Files.writeString(
        folder.resolve("dev.yaml"),
        "format: 1\nstore_rpc: [\"h:1\"]\nstore_raft: [\"h:1\", \"h:2\", \"h:3\"]\nallocs: [x]\n");
    String refusal = refusal();
    assertTrue(refusal.contains("store_rpc: 1 addresses (3 are needed)"), refusal);
    assertTrue(refusal.contains("allocs[0]: 'x' is not allowed"), refusal);
  }

  private String refusal() {
    CliException refused = assertThrows(CliException.class, () -> DevLayout.open(folder));
    return String.valueOf(refused.getMessage());
  }
}
