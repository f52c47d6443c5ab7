package dev.ratchet.cli.cluster;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.cli.TextTable;
import dev.ratchet.cli.local.FolderLock;
import dev.ratchet.cli.local.FreePorts;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ratchet cluster}. */
@Command(
    name = "cluster",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = FailoverCommand.class,
    description = {
      "Run a cluster of real processes on this machine, and hurt it.",
      "",
      "Example:",
      "  ./ratchet cluster start --dir data/c1",
      "  ./ratchet cluster kill alloc-1 --dir data/c1",
      "  ./ratchet cluster status --dir data/c1",
      "  ./ratchet cluster stop --dir data/c1",
    })
public final class ClusterCommand implements Runnable {
  private static final int MAX_NODES_OF_A_ROLE = 9;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "say what to do: start, status, stop, kill, pause, resume, restart or failover");
  }

  @Command(
      name = "start",
      description = {
        "Start all nodes that don't run, and wait until all serve.",
        "",
        "A new --dir is laid out by the options; one that exists keeps its nodes and addresses.",
        "Prints one line, `ready resp=... native=... admin=...`. The processes outlive this command.",
        "RATCHET_JAVA_OPTS adds JVM options to every node (default heap: -Xmx256m).",
        "",
        "Example: ./ratchet cluster start --dir data/c1 --zones 3 --alloc 3 --routers 2",
      })
  int start(
      @Option(
              names = "--dir",
              required = true,
              paramLabel = "DIR",
              description = "Where the nodes keep settings, output and data.")
          Path dir,
      @Option(
              names = "--zones",
              paramLabel = "N",
              description = "Zones, each with one store node (default: 3).")
          @Nullable Integer zones,
      @Option(names = "--alloc", paramLabel = "N", description = "Allocation nodes (default: 3).")
          @Nullable Integer allocs,
      @Option(names = "--routers", paramLabel = "N", description = "Routers (default: 2).")
          @Nullable Integer routers,
      @Option(
              names = "--base-port",
              paramLabel = "N",
              description = "First of the ports used (default: free ones are found and kept).")
          @Nullable Integer basePort,
      @Option(
              names = "--stores-only",
              description = "Start the store nodes alone, as before `admin restore`.")
          boolean storesOnly)
      throws IOException, InterruptedException {
    Path folder = dir.toAbsolutePath().normalize();
    return locked(
        folder,
        () -> {
          boolean known = Files.exists(folder.resolve(ClusterLayout.FILE));
          ClusterLayout layout =
              known
                  ? ClusterLayout.read(folder)
                  : create(folder, sizeOf(zones, allocs, routers), basePort);
          LocalCluster cluster = new LocalCluster(folder, layout);
          if (zones != null || allocs != null || routers != null) {
            ClusterLayout.Size size = layout.size();
            cluster.checkSize(
                new ClusterLayout.Size(
                    zones == null ? size.zones() : zones,
                    allocs == null ? size.allocs() : allocs,
                    routers == null ? size.routers() : routers));
          }
          if (storesOnly) {
            cluster.startStores();
            out().println("the store nodes run; `cluster start` starts the others");
          } else {
            cluster.start();
            out().println(cluster.readyLine());
          }
        });
  }

  /** What is done while no other command may change the same cluster. */
  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  @SuppressWarnings("try") // the lock is held, not used
  private static int locked(Path folder, Work work) throws IOException, InterruptedException {
    try (FolderLock lock = FolderLock.take(folder, "`ratchet cluster` command")) {
      work.run();
    }
    return ExitCode.OK.number();
  }

  private ClusterLayout.Size sizeOf(
      @Nullable Integer zones, @Nullable Integer allocs, @Nullable Integer routers) {
    return new ClusterLayout.Size(
        checked("--zones", zones, 3),
        checked("--alloc", allocs, 3),
        checked("--routers", routers, 2));
  }

  private int checked(String option, @Nullable Integer value, int otherwise) {
    int count = value == null ? otherwise : value;
    if (count < 1 || count > MAX_NODES_OF_A_ROLE) {
      throw new ParameterException(
          spec.commandLine(), option + " must be 1 to " + MAX_NODES_OF_A_ROLE);
    }
    return count;
  }

  private ClusterLayout create(Path folder, ClusterLayout.Size size, @Nullable Integer basePort)
      throws IOException {
    ClusterLayout layout = ClusterLayout.choose(size, ports(size.ports(), basePort));
    layout.write(folder);
    return layout;
  }

  private List<Integer> ports(int count, @Nullable Integer first) {
    if (first == null) {
      return FreePorts.find(count, RandomGenerator.getDefault());
    }
    if (first < 1 || first + count > 65_536) {
      throw new ParameterException(
          spec.commandLine(),
          "--base-port must be 1 to "
              + (65_536 - count)
              + ": "
              + count
              + " ports follow each other");
    }
    return IntStream.range(first, first + count).boxed().toList();
  }

  @Command(
      name = "status",
      description = {
        "Show each node: running, paused, stopped (on purpose) or dead.",
        "",
        "Exit code 0 when all run, else 1.",
        "",
        "Example: ./ratchet cluster status --dir data/c1",
      })
  int status(@Option(names = "--dir", required = true, paramLabel = "DIR") Path dir) {
    TextTable table = new TextTable("NODE", "ZONE", "PID", "STATE", "ADDRESSES");
    boolean all = true;
    for (LocalNode node : open(dir).nodes()) {
      LocalNode.State state = node.state();
      all &= state == LocalNode.State.RUNNING;
      table.row(
          node.node().name(),
          node.node().zone(),
          node.pid().map(String::valueOf).orElse("-"),
          state.name().toLowerCase(Locale.ROOT),
          node.node().describeAddresses());
    }
    table.lines().forEach(out()::println);
    return all ? ExitCode.OK.number() : ExitCode.FAILED.number();
  }

  @Command(
      name = "stop",
      description = {
        "Stop all nodes gracefully: routers, allocation nodes, stores. No number is lost.",
        "",
        "Example: ./ratchet cluster stop --dir data/c1",
      })
  int stop(@Option(names = "--dir", required = true, paramLabel = "DIR") Path dir)
      throws IOException, InterruptedException {
    LocalCluster cluster = open(dir);
    return locked(
        dir.toAbsolutePath(),
        () -> {
          cluster.stop();
          out().println("stopped");
        });
  }

  /** What is done to one node. */
  private interface Act {
    void on(LocalCluster cluster, LocalNode node) throws IOException, InterruptedException;
  }

  private int act(Path dir, List<String> names, String done, Act act)
      throws IOException, InterruptedException {
    LocalCluster cluster = open(dir);
    List<LocalNode> nodes = names.stream().map(cluster::node).toList();
    return locked(
        dir.toAbsolutePath(),
        () -> {
          for (LocalNode node : nodes) {
            act.on(cluster, node);
            out().println(node.node().name() + " " + done);
          }
        });
  }

  @Command(
      name = "kill",
      description = {
        "End nodes at once (SIGKILL), as a crash would.",
        "",
        "Example: ./ratchet cluster kill alloc-1 --dir data/c1",
      })
  int kill(
      @Parameters(paramLabel = "NODE", arity = "1..*") List<String> names,
      @Option(names = "--dir", required = true, paramLabel = "DIR") Path dir)
      throws IOException, InterruptedException {
    return act(dir, names, "killed", (cluster, node) -> node.kill());
  }

  @Command(
      name = "pause",
      description = {
        "Freeze nodes (SIGSTOP), as a long pause of the machine would.",
        "",
        "Example: ./ratchet cluster pause store-1 --dir data/c1",
      })
  int pause(
      @Parameters(paramLabel = "NODE", arity = "1..*") List<String> names,
      @Option(names = "--dir", required = true, paramLabel = "DIR") Path dir)
      throws IOException, InterruptedException {
    return act(dir, names, "paused", (cluster, node) -> node.pause());
  }

  @Command(
      name = "resume",
      description = {
        "Let paused nodes go on (SIGCONT).",
        "",
        "Example: ./ratchet cluster resume store-1 --dir data/c1",
      })
  int resume(
      @Parameters(paramLabel = "NODE", arity = "1..*") List<String> names,
      @Option(names = "--dir", required = true, paramLabel = "DIR") Path dir)
      throws IOException, InterruptedException {
    return act(dir, names, "resumed", (cluster, node) -> node.resume());
  }

  @Command(
      name = "restart",
      description = {
        "Stop nodes gracefully where they run, start them, and wait until they are ready.",
        "",
        "Example: ./ratchet cluster restart alloc-1 --dir data/c1",
      })
  int restart(
      @Parameters(paramLabel = "NODE", arity = "1..*") List<String> names,
      @Option(names = "--dir", required = true, paramLabel = "DIR") Path dir)
      throws IOException, InterruptedException {
    return act(dir, names, "restarted", LocalCluster::restart);
  }

  /** The cluster of a folder, or an error that says how to make one. */
  static LocalCluster open(Path dir) {
    Path folder = dir.toAbsolutePath().normalize();
    if (!Files.exists(folder.resolve(ClusterLayout.FILE))) {
      throw new CliException(
          ExitCode.USAGE,
          "there is no cluster in " + folder + "; `./ratchet cluster start --dir DIR` makes one");
    }
    return new LocalCluster(folder, ClusterLayout.read(folder));
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
