package dev.ratchet.store.rocks;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Moves a database's files about. */
final class RocksFiles {
  private RocksFiles() {}

  /** Removes a folder with all that is in it. */
  static void wipe(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path done, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(done);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /**
   * Gives a new folder the database files of another, which stay as they are: table files never
   * change, so they are linked where the file system can; the others are copied.
   */
  static void cloneDatabase(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path file : filesOf(from)) {
      Path target = to.resolve(nameOf(file));
      if (!isTable(file) || !link(file, target)) {
        Files.copy(file, target);
      }
    }
  }

  /** Moves all files of a folder, and then removes it. */
  static void moveAll(Path from, Path to) throws IOException {
    for (Path file : filesOf(from)) {
      Files.move(file, to.resolve(nameOf(file)));
    }
    Files.delete(from);
  }

  private static boolean link(Path file, Path target) throws IOException {
    try {
      Files.createLink(target, file);
      return true;
    } catch (UnsupportedOperationException | java.nio.file.FileSystemException e) {
      // No links here, or another file system: copied instead, with all errors that matter.
      Files.deleteIfExists(target);
      return false;
    }
  }

  /** The files RocksDB wrote: all but the lists that describe a snapshot. */
  private static List<Path> filesOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(RocksFiles::isDatabaseFile).toList();
    }
  }

  private static boolean isDatabaseFile(Path file) {
    String name = nameOf(file);
    return isTable(file)
        || name.equals("CURRENT")
        || name.startsWith("MANIFEST-")
        || name.startsWith("OPTIONS-")
        || name.equals("IDENTITY")
        || name.endsWith(".blob")
        || name.endsWith(".log");
  }

  private static boolean isTable(Path file) {
    return nameOf(file).endsWith(".sst");
  }

  private static String nameOf(Path file) {
    return String.valueOf(file.getFileName());
  }
}
