package dev.ratchet.store.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SnapshotManifestTest {
  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("1.sst"), "one");
    Files.writeString(folder.resolve("CURRENT"), "current");
    Files.writeString(folder.resolve("__raft_snapshot_meta"), "the library's");
    assertEquals(
        List.of("1.sst", "CURRENT", SnapshotManifest.NAME), SnapshotManifest.write(folder, "prod"));
  }

  @Test
  void acceptsWhatItWrote() throws IOException {
    SnapshotManifest.verify(folder, "prod");
  }

  @Test
  void refusesAMissingFile() throws IOException {
    Files.delete(folder.resolve("1.sst"));
    assertRefused("1.sst is missing");
  }

  @Test
  void refusesADamagedFile() throws IOException {
    Files.writeString(folder.resolve("1.sst"), "onf");
    assertRefused("1.sst should have");
  }

  @Test
  void refusesATruncatedFile() throws IOException {
    Files.writeString(folder.resolve("CURRENT"), "");
    assertRefused("CURRENT should have");
  }

  @Test
  void refusesAnUnlistedFile() throws IOException {
    Files.writeString(folder.resolve("2.sst"), "two");
    assertRefused("[2.sst]");
  }

  @Test
  void refusesAMissingOrDamagedManifest() throws IOException {
    Path manifest = folder.resolve(SnapshotManifest.NAME);
    Files.writeString(manifest, Files.readString(manifest).replace("1.sst", "2.sst"));
    assertRefused("its checksum is wrong");
    Files.writeString(manifest, "");
    assertRefused("its checksum is wrong");
    Files.delete(manifest);
    assertRefused("it has no");
  }

  @Test
  void refusesAnotherClusters() {
    IOException error =
        assertThrows(IOException.class, () -> SnapshotManifest.verify(folder, "staging"));
    assertTrue(String.valueOf(error.getMessage()).contains("cluster staging"));
  }

  private void assertRefused(String why) {
    IOException error =
        assertThrows(IOException.class, () -> SnapshotManifest.verify(folder, "prod"));
    assertTrue(String.valueOf(error.getMessage()).contains(why), error.getMessage());
  }
}
