package dev.ratchet.cli.local;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
  @TempDir private Path folder;

  @Test
  void oneAtATime() throws IOException {
    Path inner = folder.resolve("a/b");
    FolderLock first = FolderLock.take(inner, "thing");
    CliException second = assertThrows(CliException.class, () -> FolderLock.take(inner, "thing"));
    assertTrue(String.valueOf(second.getMessage()).contains("in use by another thing"));
    first.close();
    FolderLock.take(inner, "thing").close();
  }

  @Test
  void aFolderThatCannotBeIsAnErrorWithItsName() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    CliException refused =
        assertThrows(CliException.class, () -> FolderLock.take(file.resolve("x"), "thing"));
    assertTrue(String.valueOf(refused.getMessage()).contains(file.resolve("x").toString()));
  }
}
