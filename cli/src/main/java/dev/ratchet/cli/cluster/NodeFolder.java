package dev.ratchet.cli.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ratchet.cli.config.SavedFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where a node of a local cluster keeps its settings, output, pid and data. */
record NodeFolder(Path path, ClusterNode node) {
  private static final int TAIL_BYTES = 8_192;

  /** The folder of a node in the cluster's folder. */
  static NodeFolder of(Path cluster, ClusterNode node) {
    return new NodeFolder(cluster.resolve(node.name()), node);
  }

  Path config() {
    return path.resolve(node.name() + ".yaml");
  }

  Path output() {
    return path.resolve("out.log");
  }

  PidFile pid() {
    return new PidFile(path.resolve("pid"));
  }

  /** Writes the settings unless there are some: they may have been edited since. */
  void prepare(ClusterLayout layout, String adminToken) throws IOException {
    Files.createDirectories(path);
    if (!Files.exists(config())) {
      SavedFile.writeSecret(config(), layout.settings(node, path.resolve("data"), adminToken));
    }
  }

  /** The last lines of its output. */
  List<String> tail(int lines) throws IOException {
    if (!Files.exists(output())) {
      return List.of();
    }
    try (RandomAccessFile file = new RandomAccessFile(output().toFile(), "r")) {
      long start = Math.max(0, file.length() - TAIL_BYTES);
      byte[] bytes = new byte[(int) (file.length() - start)];
      file.seek(start);
      file.readFully(bytes);
      List<String> all = new String(bytes, UTF_8).lines().toList();
      return all.subList(Math.max(0, all.size() - lines), all.size());
    }
  }
}
