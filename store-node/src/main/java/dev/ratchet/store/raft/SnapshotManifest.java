package dev.ratchet.store.raft;

import dev.ratchet.store.disk.Durable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The list of a snapshot's files with size and CRC32C, itself checksummed: a snapshot is loaded
 * whole or not at all. Lines of text: {@code format}, {@code cluster}, a {@code file} each, {@code
 * end}.
 */
final class SnapshotManifest {
  static final String NAME = "ratchet-snapshot.manifest";

  /** Layout of snapshots that this software writes and reads. */
  static final int FORMAT = 1;

  private static final int READ_BYTES = 64 << 10;

  private SnapshotManifest() {}

  /**
   * Lists the files of a folder, and forces them and the list to the disk.
   *
   * @return names of all files to be kept, the manifest among them
   */
  static List<String> write(Path folder, String cluster) throws IOException {
    List<String> names = new ArrayList<>(filesOf(folder));
    StringBuilder text = new StringBuilder();
    text.append("format ").append(FORMAT).append("\ncluster ").append(cluster).append('\n');
    for (String name : names) {
      Path file = folder.resolve(name);
      Durable.sync(file);
      text.append("file ").append(line(file)).append(' ').append(name).append('\n');
    }
    byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
    text.append("end ").append(hex(checksum(body))).append('\n');
    Durable.replace(folder.resolve(NAME), text.toString().getBytes(StandardCharsets.UTF_8));
    names.add(NAME);
    return names;
  }

  /**
   * Compares a folder with its manifest.
   *
   * @throws IOException that names the first file that is missing, damaged or not listed
   */
  static void verify(Path folder, String cluster) throws IOException {
    Path manifest = folder.resolve(NAME);
    if (!Files.exists(manifest)) {
      throw new IOException("the snapshot " + folder + " is incomplete: it has no " + NAME);
    }
    List<String> lines = linesOf(manifest);
    expect(manifest, "format " + FORMAT, lines.get(0));
    expect(manifest, "cluster " + cluster, lines.size() > 1 ? lines.get(1) : "");
    Set<String> unlisted = filesOf(folder);
    for (String line : lines.subList(2, lines.size())) {
      String[] fields = line.split(" ", 4);
      if (fields.length != 4) {
        throw new IOException(manifest + " is damaged at '" + line + "'");
      }
      verifyFile(folder, fields[1] + " " + fields[2], fields[3]);
      unlisted.remove(fields[3]);
    }
    if (!unlisted.isEmpty()) {
      throw new IOException("the snapshot " + folder + " has files it doesn't list: " + unlisted);
    }
  }

  private static void verifyFile(Path folder, String expected, String name) throws IOException {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new IOException("the snapshot " + folder + " is incomplete: " + name + " is missing");
    }
    String found = line(file);
    if (!found.equals(expected)) {
      throw new IOException(
          "the snapshot "
              + folder
              + " is damaged: "
              + name
              + " should have checksum and size "
              + expected
              + " and has "
              + found);
    }
  }

  private static void expect(Path manifest, String wanted, String found) throws IOException {
    if (!wanted.equals(found)) {
      throw new IOException(
          "the snapshot of "
              + manifest
              + " says '"
              + found
              + "', and this node reads '"
              + wanted
              + "'");
    }
  }

  /** The lines before the end, which must vouch for them. */
  private static List<String> linesOf(Path manifest) throws IOException {
    String text = Files.readString(manifest);
    int end = text.lastIndexOf("end ");
    String body = end < 0 ? "" : text.substring(0, end);
    String wanted = "end " + hex(checksum(body.getBytes(StandardCharsets.UTF_8))) + "\n";
    if (end <= 0 || !text.substring(end).equals(wanted)) {
      throw new IOException(manifest + " is damaged: its checksum is wrong");
    }
    return List.of(body.split("\n"));
  }

  private static Set<String> filesOf(Path folder) throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.map(file -> String.valueOf(file.getFileName())).forEach(names::add);
    }
    // The library writes its own list beside ours, at a time of its choosing.
    names.removeIf(name -> name.equals(NAME) || name.startsWith("__raft_"));
    return names;
  }

  private static String line(Path file) throws IOException {
    CRC32C crc = new CRC32C();
    byte[] buffer = new byte[READ_BYTES];
    long size = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        crc.update(buffer, 0, read);
        size += read;
      }
    }
    return hex(crc.getValue()) + " " + size;
  }

  private static long checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return crc.getValue();
  }

  private static String hex(long checksum) {
    return String.format("%08x", checksum);
  }
}
