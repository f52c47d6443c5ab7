package dev.ratchet.store.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says what a failed write on a folder most likely means. */
public final class DiskFault {
  /** Free space below which a failed write is put down to a full disk. */
  static final long FULL_BELOW_BYTES = 32L << 20;

  /** The operating system's words. */
  private static final String NO_SPACE = "No space left on device";

  private DiskFault() {}

  /** What happened to a folder and what to do, ahead of the library's own words. */
  public static String explain(Path folder, String failure) {
    return failure.contains(NO_SPACE) || isFull(folder)
        ? "disk full: free space on " + folder + " and restart (" + failure + ")"
        : "a write or read failed on " + folder + ": " + failure + "; check the disk, then restart";
  }

  private static boolean isFull(Path folder) {
    try {
      return Files.getFileStore(folder).getUsableSpace() < FULL_BELOW_BYTES;
    } catch (IOException e) {
      // The folder itself can't be asked: the disk is broken rather than full.
      return false;
    }
  }
}
