package dev.ratchet.cli.dev;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.cli.Logs;
import dev.ratchet.cli.config.AdminFolder;
import dev.ratchet.cli.local.FolderLock;
import dev.ratchet.cli.local.FreePorts;
import dev.ratchet.cli.node.Lifetime;
import dev.ratchet.proto.rpc.HostPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ratchet dev}. */
@Command(
    name = "dev",
    description = {
      "Run a whole cluster in this process: three store nodes, two allocation nodes, one router.",
      "",
      "Example: ./ratchet dev",
      "",
      "Prints one line when it serves, `ready resp=... native=... admin=...`, and then",
      "  redis-cli -p 6380 INCR user:42",
      "works. Ctrl-C or SIGTERM stops it; no number is lost. Its log is in the data folder.",
    })
public final class DevCommand implements Callable<Integer> {
  /** Everything listens on loopback. */
  static final String HOST = "127.0.0.1";

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "./data/dev",
      description = "Where it keeps its state (default: ${DEFAULT-VALUE}).")
  private Path data;

  @Option(
      names = "--resp-port",
      paramLabel = "PORT",
      defaultValue = "6380",
      description = "For Redis clients (default: ${DEFAULT-VALUE}).")
  private int respPort;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "7070",
      description = "For native clients and this command (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--admin-port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "For health and metrics (default: ${DEFAULT-VALUE}).")
  private int adminPort;

  @Override
  public Integer call() throws Exception {
    checkNumbers();
    Path folder = data.toAbsolutePath().normalize();
    try (Lifetime lifetime = Lifetime.untilSignal()) {
      lifetime.add("folder lock", FolderLock.take(folder, "`ratchet dev`"));
      DevLayout layout = DevLayout.open(folder);
      checkFree(layout, folder);
      Files.createDirectories(folder.resolve("logs"));
      Logs.toFile(folder.resolve("logs").resolve("dev.log"));
      HostPort listen = new HostPort(HOST, port);
      HostPort resp = new HostPort(HOST, respPort);
      HostPort admin = new HostPort(HOST, adminPort);
      new DevCluster(folder, layout, new AdminFolder(folder).prepare(), lifetime)
          .start(listen, resp, admin);
      System.out.println("ready resp=" + resp + " native=" + listen + " admin=" + admin);
      Logs.warnOnStderr();
      lifetime.await();
    }
    return ExitCode.OK.number();
  }

  private void checkNumbers() {
    List<Integer> ports = List.of(respPort, port, adminPort);
    Set<Integer> different = new HashSet<>(ports);
    if (different.size() < ports.size()) {
      throw new ParameterException(
          spec.commandLine(), "--resp-port, --port and --admin-port must differ");
    }
    for (int number : ports) {
      if (number < 1 || number > 65_535) {
        throw new ParameterException(
            spec.commandLine(), number + " is no port; a port is from 1 to 65535");
      }
    }
  }

  /** All ports that are in use, in one error, before anything starts. */
  private void checkFree(DevLayout layout, Path folder) {
    List<String> used = new ArrayList<>();
    addUsed(used, respPort, "choose another --resp-port");
    addUsed(used, port, "choose another --port");
    addUsed(used, adminPort, "choose another --admin-port");
    List<String> saved =
        layout.ports().stream()
            .filter(port -> !FreePorts.isFree(port.address().port()))
            .map(port -> port.address().port() + " (" + port.user() + ")")
            .toList();
    if (!saved.isEmpty()) {
      used.add(
          "in use, though "
              + folder.resolve("dev.yaml")
              + " keeps them for this data: port "
              + String.join(", ", saved)
              + "; end what uses them, or start with another --data folder");
    }
    if (!used.isEmpty()) {
      throw new CliException(ExitCode.FAILED, String.join("; ", used));
    }
  }

  private static void addUsed(List<String> used, int port, String advice) {
    if (!FreePorts.isFree(port)) {
      used.add("port " + port + " is in use: " + advice);
    }
  }
}
