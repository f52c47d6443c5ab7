package dev.ratchet.cli.call;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.client.ClientConfig;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.rpc.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Option;

/** Which cluster a command talks to. */
public final class ServerOption {
  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      split = ",",
      defaultValue = "${env:RATCHET_SERVER:-127.0.0.1:7070}",
      description =
          "Native address of a router or allocation node, or several with commas"
              + " (default: $RATCHET_SERVER, else 127.0.0.1:7070).")
  private List<String> servers = new ArrayList<>();

  @Option(
      names = "--timeout-millis",
      paramLabel = "MILLIS",
      defaultValue = "5000",
      description = "How long a call may take, retries included (default: ${DEFAULT-VALUE}).")
  private int timeoutMillis;

  /** Settings for a client of these servers. */
  public ClientConfig config() {
    List<HostPort> addresses = new ArrayList<>();
    for (String server : servers) {
      try {
        addresses.add(HostPort.parse(server.strip()));
      } catch (IllegalArgumentException e) {
        throw new CliException(ExitCode.USAGE, "--server: " + e.getMessage(), e);
      }
    }
    ClientConfig config = ClientConfig.of(addresses).withTimeoutMillis(timeoutMillis);
    List<String> wrong = config.validate();
    if (!wrong.isEmpty()) {
      throw new CliException(ExitCode.USAGE, String.join("\n", wrong));
    }
    return config;
  }

  /** A client for one or a few calls. */
  public RatchetClient connect() {
    return RatchetClient.connect(config().withThreads(1));
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
