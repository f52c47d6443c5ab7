package dev.ratchet.cli.cluster;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.cli.config.Fields;
import dev.ratchet.cli.config.Problems;
import dev.ratchet.cli.config.SavedFile;
import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The nodes of a local cluster. Chosen once and kept in {@code cluster.yaml}, since Raft knows its
 * members by their addresses. Immutable.
 *
 * @param nodes store nodes, then allocation nodes, then routers
 */
record ClusterLayout(List<ClusterNode> nodes) {
  /** Version of the folder's layout. */
  static final int FORMAT = 1;

  static final String FILE = "cluster.yaml";
  static final String HOST = "127.0.0.1";

  /** How many nodes a cluster has: a store node in each zone, the others round-robin. */
  record Size(int zones, int allocs, int routers) {
    int ports() {
      return 3 * zones + 2 * allocs + 3 * routers;
    }
  }

  /** A new layout on these ports, as many as {@link Size#ports}. */
  static ClusterLayout choose(Size size, List<Integer> ports) {
    Iterator<HostPort> free = ports.stream().map(port -> new HostPort(HOST, port)).iterator();
    List<ClusterNode> nodes = new ArrayList<>();
    addNodes(nodes, Role.STORE, size.zones, size.zones, free);
    addNodes(nodes, Role.ALLOC, size.allocs, size.zones, free);
    addNodes(nodes, Role.ROUTER, size.routers, size.zones, free);
    return new ClusterLayout(List.copyOf(nodes));
  }

  private static void addNodes(
      List<ClusterNode> nodes, Role role, int count, int zones, Iterator<HostPort> free) {
    for (int i = 0; i < count; i++) {
      HostPort listen = free.next();
      HostPort second = role.second().isEmpty() ? null : free.next();
      String zone = "zone-" + (i % zones + 1);
      nodes.add(
          new ClusterNode(role, role.word() + "-" + (i + 1), zone, listen, second, free.next()));
    }
  }

  /** The layout that a folder was started with. */
  static ClusterLayout read(Path folder) {
    Path file = folder.resolve(FILE);
    Problems problems = new Problems(file);
    Fields fields = Fields.of(file, problems);
    int format = fields.integer("format", 0, Integer.MAX_VALUE);
    problems.throwIfAny();
    if (format != FORMAT) {
      throw new CliException(
          ExitCode.FAILED,
          file
              + ": the folder has format "
              + format
              + ", this version of ratchet reads "
              + FORMAT
              + " only. Use the version that wrote it, or another --dir");
    }
    List<ClusterNode> nodes =
        fields.mappings("nodes").stream().map(node -> node(node, problems)).toList();
    fields.finish();
    problems.throwIfAny();
    return new ClusterLayout(nodes);
  }

  private static ClusterNode node(Fields node, Problems problems) {
    String word = node.name("role");
    Role role =
        Arrays.stream(Role.values())
            .filter(known -> known.word().equals(word))
            .findFirst()
            .orElse(Role.ALLOC);
    if (!role.word().equals(word)) {
      problems.add("role", "'" + word + "' is not allowed (store, alloc or router)");
    }
    return new ClusterNode(
        role,
        node.name("node"),
        node.name("zone"),
        node.address("listen"),
        role.second().isEmpty() ? null : node.address(role.second()),
        node.address("admin"));
  }

  /** Saves the layout in a folder. */
  void write(Path folder) throws IOException {
    String lines = nodes.stream().map(ClusterLayout::line).collect(Collectors.joining("\n"));
    SavedFile.write(
        folder.resolve(FILE),
        """
        # Written by `ratchet cluster start` at its first start. These addresses belong to the data
        # beside it: don't change them.
        format: %d
        nodes:
        %s
        """
            .formatted(FORMAT, lines));
  }

  private static String line(ClusterNode node) {
    String second =
        node.second() == null ? "" : ", " + node.role().second() + ": \"" + node.second() + "\"";
    return "  - {role: %s, node: %s, zone: %s, listen: \"%s\"%s, admin: \"%s\"}"
        .formatted(
            node.role().word(), node.name(), node.zone(), node.listen(), second, node.admin());
  }

  /** The nodes of a role. */
  List<ClusterNode> nodes(Role role) {
    return nodes.stream().filter(node -> node.role() == role).toList();
  }

  /** The node of a name. */
  ClusterNode node(String name) {
    return nodes.stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new CliException(
                    ExitCode.USAGE,
                    "there is no node '"
                        + name
                        + "' in this cluster; it has "
                        + nodes.stream().map(ClusterNode::name).collect(Collectors.joining(", "))));
  }

  /** How many nodes it has. */
  Size size() {
    return new Size(nodes(Role.STORE).size(), nodes(Role.ALLOC).size(), nodes(Role.ROUTER).size());
  }

  /** The settings file of a node; stores let operators in who have the token. */
  String settings(ClusterNode node, Path data, String adminToken) {
    return switch (node.role()) {
      case STORE -> storeSettings(node, data, adminToken);
      case ALLOC -> head(node) + "stores: " + list(Role.STORE) + "\n" + tail(node);
      case ROUTER ->
          head(node)
              + ("resp: \"" + node.second() + "\"\n")
              + ("allocs: " + list(Role.ALLOC) + "\n")
              + tail(node);
    };
  }

  private String storeSettings(ClusterNode node, Path data, String adminToken) {
    StringBuilder text = new StringBuilder();
    text.append("cluster: local\nnode: ").append(node.name()).append('\n');
    text.append("data: '").append(data.toString().replace("'", "''")).append("'\nmembers:\n");
    for (ClusterNode member : nodes(Role.STORE)) {
      text.append(
          "  - {node: %s, zone: %s, rpc: \"%s\", raft: \"%s\"}\n"
              .formatted(member.name(), member.zone(), member.listen(), member.second()));
    }
    text.append(tail(node)).append("  token: \"").append(adminToken).append("\"\n");
    // Often, so that a node that is killed and restarted has little to replay.
    return text.append("raft:\n  snapshot_interval_seconds: 30\n").toString();
  }

  private static String head(ClusterNode node) {
    return "node: %s\nzone: %s\nlisten: \"%s\"\n"
        .formatted(node.name(), node.zone(), node.listen());
  }

  private static String tail(ClusterNode node) {
    return "admin:\n  listen: \"" + node.admin() + "\"\n";
  }

  private String list(Role role) {
    return nodes(role).stream()
        .map(node -> "\"" + node.listen() + "\"")
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
