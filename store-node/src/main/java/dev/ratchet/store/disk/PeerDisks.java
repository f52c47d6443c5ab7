package dev.ratchet.store.disk;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The file with the disk ids of the other members, as they were when this node first started.
 * Written once, before the node takes part in anything.
 */
final class PeerDisks {
  static final String NAME = "ratchet-peers.properties";

  private PeerDisks() {}

  /** Disk ids by node id; empty when there is no file yet. */
  static Map<String, String> read(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    if (!Files.exists(file)) {
      return Map.of();
    }
    Properties lines = new Properties();
    lines.load(new StringReader(Files.readString(file)));
    Map<String, String> disks = new TreeMap<>();
    for (String node : lines.stringPropertyNames()) {
      disks.put(node, lines.getProperty(node));
    }
    return Map.copyOf(disks);
  }

  /** On the disk when it returns. */
  static void write(Path folder, Map<String, String> disks) throws IOException {
    StringBuilder text = new StringBuilder("# Disk ids of the other store nodes. Don't edit.\n");
    new TreeMap<>(disks).forEach((node, disk) -> text.append(node + "=" + disk + "\n"));
    Durable.replace(folder.resolve(NAME), text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
