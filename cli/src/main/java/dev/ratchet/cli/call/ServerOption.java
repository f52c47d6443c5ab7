package dev.ratchet.cli.call;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.cli.config.AdminFolder;
import dev.ratchet.client.ClientConfig;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.rpc.HostPort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster a command talks to. */
public final class ServerOption {
  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      split = ",",
      description =
          "Native address of a router or allocation node, or several with commas"
              + " (default: those of --dir, else $RATCHET_SERVER, else 127.0.0.1:7070).")
  private List<String> servers = new ArrayList<>();

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "Folder of a local cluster, as `ratchet cluster` or `ratchet dev` was given it.")
  private @Nullable Path dir;

  @Option(
      names = "--timeout-millis",
      paramLabel = "MILLIS",
      defaultValue = "5000",
      description = "How long a call may take, retries included (default: ${DEFAULT-VALUE}).")
  private int timeoutMillis;

  /** Settings for a client of these servers. */
  public ClientConfig config() {
    ClientConfig config = ClientConfig.of(addresses()).withTimeoutMillis(timeoutMillis);
    List<String> wrong = config.validate();
    if (!wrong.isEmpty()) {
      throw new CliException(ExitCode.USAGE, String.join("\n", wrong));
    }
    return config;
  }

  private List<HostPort> addresses() {
    if (!servers.isEmpty()) {
      return parse("--server", servers);
    }
    AdminFolder folder = folder();
    if (folder != null) {
      return folder.servers();
    }
    String variable = System.getenv().getOrDefault("RATCHET_SERVER", "");
    return variable.isBlank()
        ? List.of(new HostPort("127.0.0.1", 7070))
        : parse("RATCHET_SERVER", List.of(variable.split(",", -1)));
  }

  private static List<HostPort> parse(String where, List<String> texts) {
    List<HostPort> addresses = new ArrayList<>();
    for (String text : texts) {
      try {
        addresses.add(HostPort.parse(text.strip()));
      } catch (IllegalArgumentException e) {
        throw new CliException(ExitCode.USAGE, where + ": " + e.getMessage(), e);
      }
    }
    return addresses;
  }

  /** The folder of the local cluster that was named, or null. */
  @Nullable AdminFolder folder() {
    Path named = dir;
    return named == null ? null : new AdminFolder(named);
  }

  int timeoutMillis() {
    return timeoutMillis;
  }

  /** A client for one or a few calls. */
  public RatchetClient connect() {
    return RatchetClient.connect(config().withThreads(1));
  }

  /** The same; of a local cluster, straight to its store nodes. */
  RatchetClient connectToStores() {
    AdminFolder folder = folder();
    if (folder == null || !servers.isEmpty()) {
      return connect();
    }
    ClientConfig config = ClientConfig.of(folder.stores()).withTimeoutMillis(timeoutMillis);
    return RatchetClient.connect(config.withThreads(1));
  }

  /**
   * Waits for an answer.
   *
   * @throws dev.ratchet.proto.RatchetException as the call failed with
   */
  public static <T> T await(CompletableFuture<T> answer) throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw dev.ratchet.proto.RatchetException.of(e);
    }
  }
}
