package dev.ratchet.store.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one node, held for as long as it is open.
 *
 * <p>Invariants: one process at a time holds it; it belongs to one node of one cluster for ever;
 * its identity file is the last thing written at the first start, so a folder with an identity is a
 * complete one.
 */
public final class DataFolder implements AutoCloseable {
  static final String IDENTITY = "ratchet-node.properties";
  static final String LOCK = "ratchet-node.lock";

  private final Path path;
  private final NodeIdentity identity;
  private final FileChannel lockFile;
  private final boolean firstStart;

  private DataFolder(Path path, NodeIdentity identity, FileChannel lockFile, boolean firstStart) {
    this.path = path;
    this.identity = identity;
    this.lockFile = lockFile;
    this.firstStart = firstStart;
  }

  /**
   * Takes the folder for a node, creating it where it doesn't exist.
   *
   * @throws IOException that says whose folder it is, when it is not this node's
   */
  public static DataFolder open(Path path, NodeIdentity identity) throws IOException {
    Durable.createFolder(path);
    FileChannel lockFile = lock(path);
    try {
      Path file = path.resolve(IDENTITY);
      boolean firstStart = !Files.exists(file);
      if (!firstStart) {
        check(path, NodeIdentity.read(file), identity);
      }
      return new DataFolder(path, identity, lockFile, firstStart);
    } catch (IOException e) {
      lockFile.close();
      throw e;
    }
  }

  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (tryLock(channel) == null) {
      channel.close();
      throw new IOException(
          "another process is using the data folder "
              + path
              + "; stop it, or give this node a folder of its own");
    }
    return channel;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by a node of this very process.
      return null;
    }
  }

  private static void check(Path path, NodeIdentity found, NodeIdentity wanted) throws IOException {
    if (found.format() != wanted.format()) {
      throw new IOException(
          "the data folder "
              + path
              + " has format "
              + found.format()
              + ", and this software reads format "
              + wanted.format()
              + "; run the version of Ratchet that wrote it");
    }
    if (!found.equals(wanted)) {
      throw new IOException(
          "the data folder "
              + path
              + " belongs to "
              + describe(found)
              + ", not to "
              + describe(wanted)
              + "; correct the configuration, or give this node a folder of its own");
    }
  }

  private static String describe(NodeIdentity who) {
    return who.role() + " node '" + who.node() + "' of cluster '" + who.cluster() + "'";
  }

  public Path path() {
    return path;
  }

  /** Whether no node has ever completed its first start here. */
  public boolean isFirstStart() {
    return firstStart;
  }

  /** Makes the folder this node's for ever; call when all else that a first start writes is. */
  public void claim() throws IOException {
    if (firstStart) {
      Durable.replace(path.resolve(IDENTITY), identity.encode());
    }
  }

  /** Lets another process have the folder. */
  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
