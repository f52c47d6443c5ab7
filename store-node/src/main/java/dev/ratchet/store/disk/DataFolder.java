package dev.ratchet.store.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one node, held for as long as it is open.
 *
 * <p>Invariants: one process at a time holds it; it belongs to one node of one cluster for ever;
 * its disk id is on the disk before anybody is told of it, and never changes; it is marked as
 * started last of all that a first start writes, so a folder so marked is a complete one.
 */
public final class DataFolder implements AutoCloseable {
  static final String IDENTITY = "ratchet-node.properties";
  static final String LOCK = "ratchet-node.lock";

  private static final int DISK_ID_BYTES = 16;

  private final Path path;
  private final FileChannel lockFile;
  private volatile NodeIdentity identity;

  private DataFolder(Path path, NodeIdentity identity, FileChannel lockFile) {
    this.path = path;
    this.identity = identity;
    this.lockFile = lockFile;
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
      return new DataFolder(path, identityOf(path, identity), lockFile);
    } catch (IOException e) {
      lockFile.close();
      throw e;
    }
  }

  private static NodeIdentity identityOf(Path path, NodeIdentity wanted) throws IOException {
    Path file = path.resolve(IDENTITY);
    if (Files.exists(file)) {
      NodeIdentity found = NodeIdentity.read(file);
      check(path, found, wanted);
      return found;
    }
    byte[] id = new byte[DISK_ID_BYTES];
    new SecureRandom().nextBytes(id);
    NodeIdentity fresh = wanted.withDisk(HexFormat.of().formatHex(id));
    Durable.replace(file, fresh.encode());
    return fresh;
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
    if (!found.isOfSameNode(wanted)) {
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

  /** The id of this very disk. */
  public String disk() {
    return identity.disk();
  }

  /** Whether no node has ever completed its first start here. */
  public boolean isFirstStart() {
    return !identity.started();
  }

  /** Disk ids of other members as {@link #remember} was told them; empty before. */
  public Map<String, String> peerDisks() throws IOException {
    return PeerDisks.read(path);
  }

  /** Keeps the disk ids of other members; call before {@link #claim}. */
  public void remember(Map<String, String> disks) throws IOException {
    PeerDisks.write(path, disks);
  }

  /** Marks the first start as done; call when all else that it writes is on the disk. */
  public void claim() throws IOException {
    if (isFirstStart()) {
      NodeIdentity started = identity.afterStart();
      Durable.replace(path.resolve(IDENTITY), started.encode());
      identity = started;
    }
  }

  /** Lets another process have the folder. */
  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
