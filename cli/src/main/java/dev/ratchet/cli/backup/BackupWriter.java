package dev.ratchet.cli.backup;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.proto.message.BackupEnd;
import dev.ratchet.proto.message.BackupHead;
import dev.ratchet.proto.message.BackupSections;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Writes a backup file. It has its name only once it is whole and on the disk, and only its owner
 * may read it. Not thread-safe.
 */
final class BackupWriter implements AutoCloseable {
  private final Path file;
  private final Path draft;
  private final FileChannel channel;
  private int blocks;
  private long sections;

  private BackupWriter(Path file, Path draft, FileChannel channel) {
    this.file = file;
    this.draft = draft;
    this.channel = channel;
  }

  /**
   * Begins a new file.
   *
   * @throws CliException when there is one already
   */
  static BackupWriter create(Path file, BackupHead head) throws IOException {
    Path whole = file.toAbsolutePath().normalize();
    if (Files.exists(whole)) {
      throw new CliException(
          ExitCode.USAGE,
          file + " exists already: a backup overwrites nothing; choose another name");
    }
    Path draft = whole.resolveSibling(whole.getFileName() + ".part");
    Files.deleteIfExists(draft); // of a backup that was cut off
    FileChannel channel =
        FileChannel.open(
            draft,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            ownerOnly(draft));
    BackupWriter writer = new BackupWriter(whole, draft, channel);
    try {
      writer.write(BackupFormat.preamble());
      writer.block(BackupFormat.HEAD, BackupHead.SCHEMA.encode(head));
      return writer;
    } catch (IOException | RuntimeException e) {
      writer.close();
      throw e;
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  void add(BackupSections some) throws IOException {
    block(BackupFormat.SECTIONS, BackupSections.SCHEMA.encode(some));
    sections += some.sections().size();
  }

  /** Completes the file; how many sections it has. */
  long finish() throws IOException {
    block(BackupFormat.END, BackupEnd.SCHEMA.encode(new BackupEnd(blocks, sections)));
    channel.force(true);
    channel.close();
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    Path folder = file.getParent();
    if (folder != null) {
      try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
        entries.force(true);
      }
    }
    return sections;
  }

  private void block(int type, byte[] body) throws IOException {
    write(BackupFormat.block(type, body));
    blocks++;
  }

  private void write(byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      channel.write(left);
    }
  }

  /** Drops what was not finished. */
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(draft);
  }
}
