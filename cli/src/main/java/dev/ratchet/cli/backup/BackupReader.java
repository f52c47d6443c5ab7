package dev.ratchet.cli.backup;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.BackupEnd;
import dev.ratchet.proto.message.BackupHead;
import dev.ratchet.proto.message.BackupSections;
import dev.ratchet.proto.wire.MessageSchema;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reads a backup file whole, and believes it only when every block is sound, nothing is missing,
 * and every section of every namespace is there once, in order.
 */
public final class BackupReader {
  private final Path file;
  private final InputStream in;
  private int blocks;

  private BackupReader(Path file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  /**
   * What a file holds.
   *
   * @param head its head
   * @param sections all its sections, in order
   */
  public record Backup(BackupHead head, List<BackupSections> sections) {
    /** How many sections. */
    public long count() {
      return sections.stream().mapToLong(some -> some.sections().size()).sum();
    }

    /** Largest ceiling of all. */
    public long largest() {
      return sections.stream()
          .flatMap(some -> some.sections().stream())
          .mapToLong(section -> section.maxSeq())
          .max()
          .orElse(0);
    }
  }

  /**
   * Reads a file.
   *
   * @throws CliException that says what is wrong with it
   */
  public static Backup read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new CliException(ExitCode.USAGE, file + ": there is no such file");
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return new BackupReader(file, in).read();
    }
  }

  private Backup read() throws IOException {
    ByteBuffer preamble = ByteBuffer.wrap(in.readNBytes(BackupFormat.PREAMBLE_BYTES));
    if (preamble.remaining() < BackupFormat.PREAMBLE_BYTES
        || preamble.getLong() != BackupFormat.MAGIC) {
      throw wrong("it is no backup of Ratchet");
    }
    int version = preamble.getInt();
    if (version != BackupFormat.VERSION) {
      throw wrong(
          "it has format "
              + version
              + ", and this version of ratchet reads "
              + BackupFormat.VERSION
              + "; restore it with the version that wrote it");
    }
    BackupHead head = decode(BackupHead.SCHEMA, expect(BackupFormat.HEAD, next()));
    List<BackupSections> all = new ArrayList<>();
    Block block = next();
    while (block.type() == BackupFormat.SECTIONS) {
      all.add(decode(BackupSections.SCHEMA, block));
      block = next();
    }
    int before = blocks - 1;
    BackupEnd end = decode(BackupEnd.SCHEMA, expect(BackupFormat.END, block));
    Backup backup = new Backup(head, all);
    if (end.blocks() != before || end.sections() != backup.count() || in.read() >= 0) {
      throw damaged("its end does not match what is before it");
    }
    checkOrder(backup);
    return backup;
  }

  private record Block(int type, ByteBuffer body) {}

  private Block next() throws IOException {
    byte[] start = in.readNBytes(BackupFormat.BLOCK_HEAD_BYTES);
    if (start.length < BackupFormat.BLOCK_HEAD_BYTES) {
      throw damaged("it is cut off after block " + blocks);
    }
    ByteBuffer head = ByteBuffer.wrap(start);
    int type = head.getInt();
    int length = head.getInt();
    if (length < 0 || length > BackupFormat.MAX_BODY_BYTES) {
      throw damaged("block " + blocks + " has an impossible length");
    }
    byte[] rest = in.readNBytes(length + BackupFormat.CRC_BYTES);
    if (rest.length < length + BackupFormat.CRC_BYTES) {
      throw damaged("it is cut off within block " + blocks);
    }
    byte[] whole = new byte[start.length + length];
    System.arraycopy(start, 0, whole, 0, start.length);
    System.arraycopy(rest, 0, whole, start.length, length);
    int written = ByteBuffer.wrap(rest, length, BackupFormat.CRC_BYTES).getInt();
    if (written != BackupFormat.crc(whole, whole.length)) {
      throw damaged("the checksum of block " + blocks + " is wrong");
    }
    blocks++;
    return new Block(type, ByteBuffer.wrap(rest, 0, length));
  }

  private Block expect(int type, Block block) {
    if (block.type() != type) {
      throw damaged("block " + (blocks - 1) + " is of type " + block.type() + ", not " + type);
    }
    return block;
  }

  private <T> T decode(MessageSchema<T> schema, Block block) {
    byte[] body = new byte[block.body().remaining()];
    block.body().get(body);
    try {
      return schema.decode(body);
    } catch (RatchetException e) {
      throw damaged("block " + (blocks - 1) + " holds " + e.getMessage());
    }
  }

  private void checkOrder(Backup backup) {
    int at = 0;
    List<BackupSections> all = backup.sections();
    List<Namespace> namespaces = new ArrayList<>(backup.head().namespaces());
    namespaces.sort(Comparator.comparingInt(Namespace::id));
    for (Namespace namespace : namespaces) {
      int next = 0;
      while (next < namespace.sectionCount()) {
        if (at == all.size()
            || all.get(at).namespaceId() != namespace.id()
            || all.get(at).first() != next
            || all.get(at).sections().isEmpty()) {
          throw damaged("section " + next + " of namespace '" + namespace.name() + "' is missing");
        }
        next += all.get(at++).sections().size();
      }
    }
    if (at != all.size()) {
      throw damaged("it has sections of no namespace");
    }
  }

  private CliException damaged(String what) {
    return wrong("the backup is damaged: " + what + "; nothing was restored. Take another backup");
  }

  private CliException wrong(String what) {
    return new CliException(ExitCode.FAILED, file + ": " + what);
  }
}
