package dev.ratchet.store.disk;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * Whose folder it is.
 *
 * @param format version of the folder's layout
 * @param cluster cluster id
 * @param node node id
 * @param role what kind of node it is
 * @param disk disk id: random, made with the folder, so that an empty folder can't pass for it
 * @param started whether the node has ever taken part in its cluster from this folder
 */
public record NodeIdentity(
    int format, String cluster, String node, String role, String disk, boolean started) {
  /** The layout this software reads and writes. */
  public static final int FORMAT = 2;

  private static final String DISK_ID = "[0-9a-f]{32}";

  /** What a store node asks its folder to be: any disk, started or not. */
  public static NodeIdentity store(String cluster, String node) {
    return new NodeIdentity(FORMAT, cluster, node, "store", "", false);
  }

  NodeIdentity withDisk(String id) {
    return new NodeIdentity(format, cluster, node, role, id, started);
  }

  NodeIdentity afterStart() {
    return new NodeIdentity(format, cluster, node, role, disk, true);
  }

  boolean isOfSameNode(NodeIdentity other) {
    return cluster.equals(other.cluster) && node.equals(other.node) && role.equals(other.role);
  }

  byte[] encode() {
    String text =
        "# Written by Ratchet. Editing it makes the node refuse to start.\n"
            + ("format=" + format + "\n")
            + ("cluster=" + cluster + "\n")
            + ("node=" + node + "\n")
            + ("role=" + role + "\n")
            + ("disk=" + disk + "\n")
            + ("started=" + started + "\n");
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Reads the file; of another format, no more than that is read. */
  static NodeIdentity read(Path file) throws IOException {
    Properties fields = new Properties();
    fields.load(new StringReader(Files.readString(file)));
    int format = number(file, fields);
    if (format != FORMAT) {
      return new NodeIdentity(format, "", "", "", "", false);
    }
    return new NodeIdentity(
        format,
        field(file, fields, "cluster", ".+"),
        field(file, fields, "node", ".+"),
        field(file, fields, "role", ".+"),
        field(file, fields, "disk", DISK_ID),
        Boolean.parseBoolean(field(file, fields, "started", "true|false")));
  }

  private static int number(Path file, Properties fields) throws IOException {
    String text = field(file, fields, "format", ".*");
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IOException(file + " is damaged: format is '" + text + "'; restore the file", e);
    }
  }

  private static String field(Path file, Properties fields, String name, String pattern)
      throws IOException {
    String value = fields.getProperty(name);
    if (value == null) {
      throw new IOException(file + " is damaged: it has no " + name + "; restore the file");
    }
    if (!value.matches(pattern)) {
      throw new IOException(
          file + " is damaged: " + name + " is '" + value + "'; restore the file");
    }
    return value;
  }
}
