package dev.ratchet.bench.process;

import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * {@code ./ratchet dev} on an empty folder.
 *
 * @param process the process
 * @param resp Redis port
 * @param nativePort for native clients
 * @param admin for metrics
 */
public record RatchetServer(
    ServerProcess process, HostPort resp, HostPort nativePort, HostPort admin)
    implements AutoCloseable {
  private static final Duration START_BOUND = Duration.ofMinutes(2);
  private static final String NUMBERS = "ratchet_alloc_numbers_total";

  /** Starts it as a user would, without options for its JVM, and returns when it serves. */
  public static RatchetServer start(Processes processes, Path home, Path data) throws IOException {
    List<HostPort> ports = Ports.free(3);
    List<String> command =
        List.of(
            home.resolve("ratchet").toString(),
            "dev",
            "--data",
            data.toString(),
            "--resp-port",
            Integer.toString(ports.get(0).port()),
            "--port",
            Integer.toString(ports.get(1).port()),
            "--admin-port",
            Integer.toString(ports.get(2).port()));
    ServerProcess process =
        processes.start("ratchet-dev", command, Map.of("RATCHET_BUILD", "never"));
    process.awaitLine("ready ", START_BOUND);
    processes.note(process);
    return new RatchetServer(process, ports.get(0), ports.get(1), ports.get(2));
  }

  /** Numbers issued since its start: what a load generator claims can be held against it. */
  public long numbers() throws IOException, InterruptedException {
    return (long) Metrics.read(admin).sum(NUMBERS);
  }

  @Override
  public void close() {
    process.close();
  }
}
