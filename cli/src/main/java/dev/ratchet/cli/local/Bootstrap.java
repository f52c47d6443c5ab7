package dev.ratchet.cli.local;

import dev.ratchet.cli.CliException;
import dev.ratchet.cli.ExitCode;
import dev.ratchet.cli.call.ServerOption;
import dev.ratchet.client.ClientConfig;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.StatusReply;
import dev.ratchet.proto.rpc.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Waits until a cluster serves: its first namespaces exist, every section has an owner, and a real
 * call comes back through every router. Confined to one thread.
 */
public final class Bootstrap implements AutoCloseable {
  /** What a new cluster starts with; {@code key} is what redis-benchmark asks for. */
  static final List<Namespace> FIRST_NAMESPACES =
      List.of(Namespace.string("default"), Namespace.uid("user"), Namespace.uid("key"));

  private static final Duration POLL = Duration.ofMillis(20);
  private static final int CALL_MILLIS = 1_000;

  private final List<RatchetClient> routers = new ArrayList<>();
  private String missing = "no answer yet";

  /** For the native addresses of all routers. */
  public Bootstrap(List<HostPort> routers) {
    for (HostPort router : routers) {
      this.routers.add(
          RatchetClient.connect(
              ClientConfig.of(List.of(router))
                  .withViaRouter(true)
                  .withThreads(1)
                  .withTimeoutMillis(CALL_MILLIS)));
    }
  }

  /**
   * Waits until all serve.
   *
   * @throws CliException that says what was missing when the time was over
   */
  public void await(Duration bound) throws InterruptedException {
    long deadline = System.nanoTime() + bound.toNanos();
    while (!isServing()) {
      if (System.nanoTime() - deadline >= 0) {
        throw new CliException(
            ExitCode.FAILED,
            "the cluster does not serve after " + bound.toSeconds() + " s: " + missing);
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  /** Makes a step towards serving; whether all is there. */
  private boolean isServing() throws InterruptedException {
    try {
      createNamespaces();
      StatusReply status = ServerOption.await(routers.get(0).status());
      if (status.unowned() > 0) {
        missing = status.unowned() + " of " + status.sections() + " sections have no owner";
        return false;
      }
      for (RatchetClient router : routers) {
        ServerOption.await(router.current("default", "serving"));
      }
      return true;
    } catch (RatchetException e) {
      if (!e.code().isRetryable() && e.code() != ErrorCode.UNKNOWN_NAMESPACE) {
        throw e;
      }
      missing = String.valueOf(e.getMessage());
      return false;
    }
  }

  private void createNamespaces() throws InterruptedException {
    RatchetClient client = routers.get(0);
    Set<String> known =
        ServerOption.await(client.namespaces()).stream()
            .map(Namespace::name)
            .collect(Collectors.toSet());
    for (Namespace namespace : FIRST_NAMESPACES) {
      if (!known.contains(namespace.name())) {
        create(client, namespace);
      }
    }
  }

  private static void create(RatchetClient client, Namespace namespace)
      throws InterruptedException {
    try {
      ServerOption.await(client.createNamespace(namespace));
    } catch (RatchetException e) {
      // An attempt whose answer was lost may have created it.
      if (e.code() != ErrorCode.NAMESPACE_EXISTS) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    routers.forEach(RatchetClient::close);
  }
}
