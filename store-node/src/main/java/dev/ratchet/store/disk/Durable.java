package dev.ratchet.store.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** File writes that are on the disk when they return. */
public final class Durable {
  private Durable() {}

  /** Replaces a file as a whole: after a crash it holds the old bytes or the new ones. */
  public static void replace(Path file, byte[] bytes) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.write(fresh, bytes);
    sync(fresh);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      sync(folder);
    }
  }

  /** Forces a file's bytes, or a folder's entries, to the disk. */
  public static void sync(Path path) throws IOException {
    StandardOpenOption mode =
        Files.isDirectory(path) ? StandardOpenOption.READ : StandardOpenOption.WRITE;
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }

  /** Creates a folder with its parents, and forces the new entries to the disk. */
  public static void createFolder(Path folder) throws IOException {
    Path whole = folder.toAbsolutePath().normalize();
    Path parent = whole.getParent();
    if (Files.isDirectory(whole) || parent == null) {
      return;
    }
    createFolder(parent);
    Files.createDirectories(whole);
    sync(parent);
  }
}
