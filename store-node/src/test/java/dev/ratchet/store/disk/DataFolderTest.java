package dev.ratchet.store.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataFolderTest {
  private static final NodeIdentity SELF = NodeIdentity.store("prod", "store-1");

  @TempDir private Path folder;

  @Test
  void claimedOnceItIsTheSameNodesFolderForEver() throws IOException {
    Path data = folder.resolve("a/b");
    try (DataFolder first = DataFolder.open(data, SELF)) {
      assertTrue(first.isFirstStart());
      first.claim();
    }
    try (DataFolder again = DataFolder.open(data, SELF)) {
      assertFalse(again.isFirstStart());
      assertEquals(data, again.path());
    }
  }

  @Test
  void unclaimedItIsStillAFirstStart() throws IOException {
    DataFolder.open(folder, SELF).close();
    try (DataFolder again = DataFolder.open(folder, SELF)) {
      assertTrue(again.isFirstStart());
    }
  }

  @Test
  void theDiskIdIsKeptFromTheFirstOpeningOn() throws IOException {
    String disk;
    try (DataFolder first = DataFolder.open(folder, SELF)) {
      disk = first.disk();
      assertTrue(disk.matches("[0-9a-f]{32}"), disk);
    }
    try (DataFolder unclaimed = DataFolder.open(folder, SELF)) {
      assertEquals(disk, unclaimed.disk(), "others may have been told of it");
      unclaimed.claim();
    }
    try (DataFolder claimed = DataFolder.open(folder, SELF);
        DataFolder other = DataFolder.open(folder.resolve("other"), SELF)) {
      assertEquals(disk, claimed.disk());
      assertNotEquals(disk, other.disk());
    }
  }

  @Test
  void theDisksOfOthersAreKept() throws IOException {
    Map<String, String> disks = Map.of("store-2", "a".repeat(32), "store-3", "b".repeat(32));
    try (DataFolder first = DataFolder.open(folder, SELF)) {
      assertEquals(Map.of(), first.peerDisks());
      first.remember(disks);
    }
    try (DataFolder again = DataFolder.open(folder, SELF)) {
      assertEquals(disks, again.peerDisks());
    }
  }

  @Test
  void refusesAnotherNodesFolderAndNamesBoth() throws IOException {
    claim();
    String error = refused(NodeIdentity.store("prod", "store-2"));
    assertTrue(error.contains("'store-1'") && error.contains("'store-2'"), error);
  }

  @Test
  void refusesAnotherClustersFolderAndNamesBoth() throws IOException {
    claim();
    String error = refused(NodeIdentity.store("staging", "store-1"));
    assertTrue(error.contains("'prod'") && error.contains("'staging'"), error);
  }

  @Test
  void refusesAnotherRolesFolder() throws IOException {
    claim();
    String error =
        refused(new NodeIdentity(NodeIdentity.FORMAT, "prod", "store-1", "other", "", false));
    assertTrue(error.contains("store node") && error.contains("other node"), error);
  }

  @Test
  void refusesAnotherFormatAndNamesBoth() throws IOException {
    claim();
    Path file = folder.resolve(DataFolder.IDENTITY);
    Files.writeString(file, Files.readString(file).replace("format=2", "format=7"));
    String error = refused(SELF);
    assertTrue(error.contains("format 7") && error.contains("format 2"), error);
  }

  @Test
  void refusesADamagedIdentity() throws IOException {
    claim();
    Path file = folder.resolve(DataFolder.IDENTITY);
    String whole = Files.readString(file);
    Files.writeString(file, "format=2\ncluster=prod\n");
    assertTrue(refused(SELF).contains("has no node"));
    Files.writeString(file, whole.replaceAll("disk=....", "disk="));
    assertTrue(refused(SELF).contains("disk is"));
    Files.writeString(file, whole.replace("started=true", "started=maybe"));
    assertTrue(refused(SELF).contains("'maybe'"));
    Files.writeString(file, "format=one\n");
    assertTrue(refused(SELF).contains("'one'"));
  }

  @Test
  void oneAtATime() throws IOException {
    try (DataFolder held = DataFolder.open(folder, SELF)) {
      held.claim();
      assertTrue(refused(SELF).contains("another process is using"));
    }
    DataFolder.open(folder, SELF).close();
  }

  private void claim() throws IOException {
    try (DataFolder data = DataFolder.open(folder, SELF)) {
      data.claim();
    }
  }

  private String refused(NodeIdentity identity) {
    IOException error =
        assertThrows(IOException.class, () -> DataFolder.open(folder, identity).close());
    return String.valueOf(error.getMessage());
  }
}
