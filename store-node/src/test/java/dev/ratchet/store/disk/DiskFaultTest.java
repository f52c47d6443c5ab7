package dev.ratchet.store.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskFaultTest {
  @TempDir private Path folder;

  @Test
  void aFullDiskIsNamedWithWhatToDo() {
    assertEquals(
        "disk full: free space on "
            + folder
            + " and restart (While appending to file: No space left on device)",
        DiskFault.explain(folder, "While appending to file: No space left on device"));
  }

  @Test
  void anyOtherFaultPointsAtTheDisk() {
    String what = DiskFault.explain(folder, "Input/output error");
    assertTrue(what.contains(folder + ": Input/output error; check the disk"), what);
  }

  @Test
  void aFolderThatIsGoneIsNotTakenForFull() {
    String what = DiskFault.explain(folder.resolve("gone"), "no such file");
    assertTrue(what.contains("check the disk"), what);
  }
}
