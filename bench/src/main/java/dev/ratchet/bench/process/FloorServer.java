package dev.ratchet.bench.process;

import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A floor: the least that a server of a protocol must do, in a JVM of its own. */
public record FloorServer(ServerProcess process, HostPort address) implements AutoCloseable {
  private static final Duration START_BOUND = Duration.ofMinutes(1);

  /**
   * Starts it, and returns when it serves.
   *
   * @param main class to run, which takes a port and prints a line with {@code ready}
   * @param options for its JVM: those of the server it is compared with
   */
  public static FloorServer start(Processes processes, Class<?> main, List<String> options)
      throws IOException {
    HostPort address = Ports.free(1).get(0);
    ServerProcess process =
        processes.startMain(main, options, List.of(Integer.toString(address.port())));
    process.awaitLine("ready", START_BOUND);
    processes.note(process);
    return new FloorServer(process, address);
  }

  @Override
  public void close() {
    process.close();
  }
}
