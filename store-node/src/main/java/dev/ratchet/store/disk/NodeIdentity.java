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
 */
public record NodeIdentity(int format, String cluster, String node, String role) {
  /** The layout this software reads and writes. */
  public static final int FORMAT = 1;

  /** The identity of a store node, in the layout of this software. */
  public static NodeIdentity store(String cluster, String node) {
    return new NodeIdentity(FORMAT, cluster, node, "store");
  }

  byte[] encode() {
    String text =
        "# Written once by Ratchet. Editing it makes the node refuse to start.\n"
            + "format="
            + format
            + "\ncluster="
            + cluster
            + "\nnode="
            + node
            + "\nrole="
            + role
            + "\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static NodeIdentity read(Path file) throws IOException {
    Properties fields = new Properties();
    fields.load(new StringReader(Files.readString(file)));
    return new NodeIdentity(
        number(file, fields),
        field(file, fields, "cluster"),
        field(file, fields, "node"),
        field(file, fields, "role"));
  }

  private static int number(Path file, Properties fields) throws IOException {
    String text = field(file, fields, "format");
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IOException(file + " is damaged: format is '" + text + "'; restore the file", e);
    }
  }

  private static String field(Path file, Properties fields, String name) throws IOException {
    String value = fields.getProperty(name);
    if (value == null) {
      throw new IOException(file + " is damaged: it has no " + name + "; restore the file");
    }
    return value;
  }
}
