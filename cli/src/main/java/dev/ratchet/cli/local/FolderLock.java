package dev.ratchet.cli.local;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The right to use a folder, for one process at a time; the system takes it back at its end. */
public final class FolderLock implements AutoCloseable {
  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the folder, which is created if need be.
   *
   * @param user what uses it, for the error of whoever comes second
   */
  public static FolderLock take(Path folder, String user) {
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new CliException(
            ExitCode.FAILED,
            folder
                + " is in use by another "
                + user
                + "; end that one first, or choose another folder");
      }
      return new FolderLock(channel);
    } catch (IOException e) {
      throw new CliException(
          ExitCode.FAILED, "can't use the folder " + folder + ": " + e + "; is it writable?", e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process.
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
