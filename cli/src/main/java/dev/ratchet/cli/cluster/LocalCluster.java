package dev.ratchet.cli.cluster;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.cli.config.AdminFolder;
import dev.ratchet.cli.local.Bootstrap;
import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** All nodes of a local cluster, started and stopped in the right order. Not thread-safe. */
final class LocalCluster {
  private static final Duration START_BOUND = Duration.ofSeconds(90);
  static final Duration STOP_BOUND = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofMillis(50);

  private final ClusterLayout layout;
  private final AdminFolder admin;
  private final List<LocalNode> nodes;

  LocalCluster(Path folder, ClusterLayout layout) {
    this.layout = layout;
    this.admin = new AdminFolder(folder);
    this.nodes =
        layout.nodes().stream()
            .map(node -> new LocalNode(node, NodeFolder.of(folder, node)))
            .toList();
  }

  List<LocalNode> nodes() {
    return nodes;
  }

  /** The nodes of a role. */
  List<LocalNode> nodes(Role role) {
    return nodes.stream().filter(node -> node.node().role() == role).toList();
  }

  /** Native addresses of the routers. */
  List<HostPort> routerAddresses() {
    return layout.nodes(Role.ROUTER).stream().map(ClusterNode::listen).toList();
  }

  /** The node of a name. */
  LocalNode node(String name) {
    ClusterNode wanted = layout.node(name);
    return nodes.stream().filter(node -> node.node().equals(wanted)).findFirst().orElseThrow();
  }

  /**
   * Starts what does not run, resumes what is paused, and returns when all serve. When that fails,
   * what this call started is stopped again.
   */
  void start() throws IOException, InterruptedException {
    start(nodes, true);
  }

  /** Starts the store nodes alone, and returns when they have a leader. */
  void startStores() throws IOException, InterruptedException {
    start(nodes.stream().filter(node -> node.node().role() == Role.STORE).toList(), false);
  }

  private void start(List<LocalNode> some, boolean serving)
      throws IOException, InterruptedException {
    List<LocalNode> started = new ArrayList<>();
    try {
      for (LocalNode node : some) {
        node.folder().prepare(layout, admin.prepareText());
        if (!node.isAlive()) {
          node.start();
          started.add(node);
        } else if (node.state() == LocalNode.State.PAUSED) {
          node.resume();
        }
      }
      awaitReady(some);
      if (serving) {
        awaitServing();
      }
    } catch (CliException | IOException e) {
      stop(started);
      throw e;
    }
  }

  private void awaitServing() throws InterruptedException {
    try (Bootstrap bootstrap = new Bootstrap(routerAddresses())) {
      bootstrap.await(START_BOUND);
    }
  }

  /** Stops a node gracefully if it runs, starts it, and returns when it is ready. */
  void restart(LocalNode node) throws IOException, InterruptedException {
    stop(List.of(node));
    node.folder().prepare(layout, admin.prepareText());
    node.start();
    awaitReady(List.of(node));
  }

  private static void awaitReady(List<LocalNode> nodes) throws IOException {
    long deadline = System.nanoTime() + START_BOUND.toNanos();
    List<LocalNode> waiting = new ArrayList<>(nodes);
    while (true) {
      LocalNode first = waiting.get(0);
      for (LocalNode node : waiting) {
        if (!node.isAlive()) {
          throw node.failure("ended while it started");
        }
      }
      waiting.removeIf(node -> AdminProbe.whyNotReady(node.node().admin()).isEmpty());
      if (waiting.isEmpty()) {
        return;
      }
      if (System.nanoTime() - deadline >= 0) {
        String why = AdminProbe.whyNotReady(first.node().admin());
        throw first.failure("is not ready after " + START_BOUND.toSeconds() + " s (" + why + ")");
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  /** Stops all: routers, then allocation nodes, which need the store to hand over, then stores. */
  void stop() throws IOException, InterruptedException {
    stop(nodes);
  }

  private static void stop(List<LocalNode> some) throws IOException, InterruptedException {
    for (Role role : List.of(Role.ROUTER, Role.ALLOC, Role.STORE)) {
      List<LocalNode> group = some.stream().filter(node -> node.node().role() == role).toList();
      for (LocalNode node : group) {
        node.terminate();
      }
      for (LocalNode node : group) {
        if (!node.awaitEnd(STOP_BOUND)) {
          node.kill();
          node.awaitEnd(STOP_BOUND);
        }
      }
    }
  }

  /** The line that says where the cluster is reached. */
  String readyLine() {
    return "ready resp="
        + join(layout.nodes(Role.ROUTER).stream().map(ClusterNode::second).toList())
        + " native="
        + join(layout.nodes(Role.ROUTER).stream().map(ClusterNode::listen).toList())
        + " admin="
        + join(layout.nodes().stream().map(ClusterNode::admin).toList());
  }

  private static String join(List<?> addresses) {
    return addresses.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /** Refuses a size other than the cluster's own. */
  void checkSize(ClusterLayout.Size wanted) {
    if (!layout.size().equals(wanted)) {
      ClusterLayout.Size size = layout.size();
      throw new CliException(
          ExitCode.USAGE,
          "this folder holds a cluster of "
              + size.zones()
              + " zones, "
              + size.allocs()
              + " allocs and "
              + size.routers()
              + " routers; start it without those options, or choose another --dir");
    }
  }
}
